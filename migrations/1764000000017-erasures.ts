import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Erasures of one subject, and what of it has to stay: restricted, with the reason, until it may go. */
export class Erasures1764000000017 implements MigrationInterface {
  readonly name = 'Erasures1764000000017';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE erasures (
  erasure_id uuid PRIMARY KEY,
  account_id text NOT NULL,
  sessions text[],
  by_items boolean NOT NULL,
  ground text NOT NULL,
  reason text NOT NULL,
  data_types text[] NOT NULL,
  case_number text,
  state text NOT NULL CHECK (state IN ('planned', 'approved', 'running', 'erased', 'cancelled')),
  plan jsonb NOT NULL,
  preview jsonb NOT NULL,
  outcome jsonb,
  before timestamptz(3),
  asked_by_id text NOT NULL,
  asked_by text NOT NULL,
  asked_at timestamptz(3) NOT NULL,
  approval_id uuid REFERENCES approvals,
  approved_by text,
  approved_at timestamptz(3),
  started_at timestamptz(3),
  finished_at timestamptz(3),
  failure text
);
COMMENT ON COLUMN erasures.sessions IS 'ids of sessions the request names; taken out when it is over';
COMMENT ON COLUMN erasures.before IS 'rows made from then on are not part of it; null while the account is to close';
CREATE INDEX erasures_account ON erasures (account_id);
CREATE UNIQUE INDEX erasures_open_case ON erasures (case_number) WHERE case_number IS NOT NULL AND state <> 'cancelled';

CREATE TABLE restrictions (
  erasure_id uuid NOT NULL REFERENCES erasures,
  data_type text NOT NULL,
  account_id text NOT NULL,
  by_items boolean NOT NULL,
  before timestamptz(3),
  rows bigint NOT NULL,
  why jsonb NOT NULL,
  since timestamptz(3) NOT NULL,
  goes_at timestamptz(3),
  lifted_at timestamptz(3),
  PRIMARY KEY (erasure_id, data_type)
);
COMMENT ON COLUMN restrictions.goes_at IS 'when the last of it may go by law; null while only a hold or the approval is waited for';
CREATE INDEX restrictions_account ON restrictions (account_id) WHERE lifted_at IS NULL;

CREATE TABLE restricted_items (
  data_type text NOT NULL,
  item_id uuid NOT NULL,
  erasure_id uuid NOT NULL REFERENCES erasures,
  account_id text NOT NULL,
  goes_at timestamptz(3),
  PRIMARY KEY (data_type, item_id, erasure_id)
);

ALTER TABLE purge_runs ADD COLUMN erasure_id uuid REFERENCES erasures;
CREATE INDEX purge_runs_erasure ON purge_runs (erasure_id) WHERE erasure_id IS NOT NULL;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP INDEX purge_runs_erasure;
ALTER TABLE purge_runs DROP COLUMN erasure_id;
DROP TABLE restricted_items;
DROP TABLE restrictions;
DROP TABLE erasures;`);
  }
}
