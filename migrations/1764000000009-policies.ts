import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Approvals by a second person; dated policies down to single items; holds by scope; runs that wait, fail, pause and are cancelled. */
export class Policies1764000000009 implements MigrationInterface {
  readonly name = 'Policies1764000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE approvals (
  approval_id uuid PRIMARY KEY,
  action text NOT NULL,
  subject_kind text NOT NULL,
  subject_id text NOT NULL,
  proposal jsonb NOT NULL,
  preview jsonb NOT NULL,
  digest text NOT NULL,
  reason text,
  state text NOT NULL CHECK (state IN ('pending', 'approved', 'rejected', 'withdrawn', 'expired')),
  requested_by_kind text NOT NULL,
  requested_by_id text NOT NULL,
  requested_by text NOT NULL,
  requested_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  decided_by_id text,
  decided_by text,
  decided_at timestamptz(3),
  decision_reason text,
  CHECK ((state = 'pending') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX approvals_pending ON approvals (action, subject_id) WHERE state = 'pending';
CREATE INDEX approvals_subject ON approvals (subject_id);
COMMENT ON COLUMN approvals.digest IS 'SHA-256, hex, of the RFC 8785 text of {action, subject_kind, subject_id, proposal, preview}: what exactly was asked and shown';

DROP INDEX retention_policies_in_force;
ALTER TABLE retention_policies DROP CONSTRAINT retention_policies_status_check, DROP CONSTRAINT retention_policies_starts_at_check,
  ADD CHECK (status IN ('scheduled', 'in_force', 'superseded', 'withdrawn')),
  ADD CHECK (starts_at IN ('created', 'account-closed', 'dispute-closed', 'fiscal-year-end')),
  ADD COLUMN item_ids uuid[], ADD COLUMN scope text, ADD COLUMN legal_basis text, ADD COLUMN locked boolean NOT NULL DEFAULT false,
  ADD COLUMN shortens boolean NOT NULL DEFAULT false, ADD COLUMN approval_id uuid REFERENCES approvals, ADD COLUMN published_at timestamptz(3);
UPDATE retention_policies SET published_at = effective_from,
  scope = CASE WHEN account_id IS NOT NULL THEN 'account:' || account_id WHEN jurisdiction IS NOT NULL THEN 'jurisdiction:' || jurisdiction ELSE 'all' END;
ALTER TABLE retention_policies ALTER COLUMN scope SET NOT NULL, ALTER COLUMN published_at SET NOT NULL,
  ADD CHECK (num_nonnulls(account_id, jurisdiction, item_ids) <= 1);
CREATE UNIQUE INDEX retention_policies_version ON retention_policies (data_type, scope, version);
COMMENT ON COLUMN retention_policies.status IS 'for people; what governs at an instant is the highest version of the scope that is effective by then and not withdrawn';
COMMENT ON COLUMN retention_policies.locked IS 'one-way: from here on this scope may only be lengthened';

CREATE TABLE retention_disputes (
  account_id text NOT NULL,
  reference text NOT NULL,
  opened_at timestamptz(3) NOT NULL,
  closed_at timestamptz(3),
  PRIMARY KEY (account_id, reference)
);
COMMENT ON TABLE retention_disputes IS 'the event of the clock dispute-closed';

ALTER TABLE holds ALTER COLUMN account_id DROP NOT NULL,
  ADD COLUMN key_ids uuid[], ADD COLUMN request_ids uuid[], ADD COLUMN from_at timestamptz(3), ADD COLUMN until_at timestamptz(3),
  ADD CHECK (num_nonnulls(account_id, key_ids, request_ids, from_at, until_at) > 0), ADD CHECK (from_at < until_at);
COMMENT ON COLUMN holds.until_at IS 'excluded; null means without end';

DROP INDEX purge_runs_open;
ALTER TABLE purge_runs DROP CONSTRAINT purge_runs_state_check,
  ADD CHECK (state IN ('planned', 'approved', 'running', 'verifying', 'certified', 'nothing_due', 'failed', 'paused', 'cancelled')),
  ADD COLUMN needs_approval boolean NOT NULL DEFAULT false, ADD COLUMN approval_id uuid REFERENCES approvals,
  ADD COLUMN failures integer NOT NULL DEFAULT 0, ADD COLUMN retry_at timestamptz(3);
CREATE UNIQUE INDEX purge_runs_open ON purge_runs (data_type) WHERE state IN ('planned', 'approved', 'running', 'verifying', 'failed', 'paused');
COMMENT ON COLUMN purge_runs.retry_at IS 'when a run that stopped goes on by itself; null for a failed one means that somebody has to look';
ALTER TABLE purge_run_items ADD COLUMN rows_due bigint NOT NULL DEFAULT 0, ADD COLUMN credentials_removed text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN purge_run_items.credentials_removed IS 'ids of the API keys an item deleted';`);
  }

  /** Forward only: an older program refuses a newer database instead. */
  down(): Promise<void> { return Promise.reject(new Error('migrations go forward only')); }
}
