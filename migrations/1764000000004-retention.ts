import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Policies, holds, purge runs and their certificates; evidence packs. */
export class Retention1764000000004 implements MigrationInterface {
  readonly name = 'Retention1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE retention_policies (
  policy_id uuid PRIMARY KEY,
  data_type text NOT NULL,
  account_id text,
  jurisdiction text,
  version integer NOT NULL,
  keep text NOT NULL,
  starts_at text NOT NULL CHECK (starts_at IN ('created', 'account-closed', 'fiscal-year-end')),
  purpose text NOT NULL,
  source text,
  status text NOT NULL CHECK (status IN ('in_force', 'superseded')),
  published_by text NOT NULL,
  effective_from timestamptz(3) NOT NULL,
  superseded_at timestamptz(3),
  CHECK (account_id IS NULL OR jurisdiction IS NULL)
);
CREATE UNIQUE INDEX retention_policies_in_force ON retention_policies (data_type, coalesce(account_id, ''), coalesce(jurisdiction, '')) WHERE status = 'in_force';

CREATE TABLE holds (
  hold_id uuid PRIMARY KEY,
  account_id text NOT NULL,
  data_types text[],
  matter text NOT NULL,
  requester text NOT NULL,
  basis text NOT NULL,
  review_on text NOT NULL,
  placed_by text NOT NULL,
  placed_at timestamptz(3) NOT NULL,
  released_by text,
  released_at timestamptz(3),
  protects_until timestamptz(3),
  CHECK ((released_at IS NULL) = (protects_until IS NULL))
);
CREATE INDEX holds_in_force ON holds (account_id) WHERE released_at IS NULL;
COMMENT ON COLUMN holds.data_types IS 'null means every data type';
COMMENT ON COLUMN holds.protects_until IS 'a released hold still protects until then';

CREATE TABLE purge_runs (
  run_id uuid PRIMARY KEY,
  data_type text NOT NULL,
  state text NOT NULL CHECK (state IN ('planned', 'running', 'verifying', 'certified', 'nothing_due', 'failed')),
  trigger text NOT NULL,
  policies jsonb NOT NULL,
  cut_off timestamptz(3) NOT NULL,
  checkpoint_before bigint,
  rows_deleted bigint NOT NULL DEFAULT 0,
  rows_held bigint NOT NULL DEFAULT 0,
  survivors bigint,
  failure text,
  planned_at timestamptz(3) NOT NULL,
  started_at timestamptz(3),
  finished_at timestamptz(3)
);
CREATE UNIQUE INDEX purge_runs_open ON purge_runs (data_type) WHERE state IN ('planned', 'running', 'verifying');
CREATE TABLE purge_run_items (
  run_id uuid NOT NULL REFERENCES purge_runs,
  position integer NOT NULL,
  table_name text NOT NULL,
  partition_name text,
  method text NOT NULL CHECK (method IN ('drop_partition', 'replace_partition', 'delete_rows', 'erase_fields')),
  state text NOT NULL CHECK (state IN ('planned', 'detached', 'done')),
  rows_total bigint NOT NULL,
  rows_deleted bigint NOT NULL DEFAULT 0,
  rows_held bigint NOT NULL DEFAULT 0,
  min_at timestamptz(3),
  max_at timestamptz(3),
  bytes_freed bigint NOT NULL DEFAULT 0,
  holds_checked_at timestamptz(3),
  purged_leaves bytea,
  done_at timestamptz(3),
  PRIMARY KEY (run_id, position)
);
COMMENT ON COLUMN purge_run_items.purged_leaves IS 'gzip of the ascending leaf indexes of the removed records, each as LEB128 of the difference to the one before';
COMMENT ON COLUMN purge_run_items.state IS 'detached: the old partition is out of the table but not destroyed; it bears its name with _gone';
CREATE TABLE purge_item_leaves (
  run_id uuid NOT NULL,
  position integer NOT NULL,
  part integer NOT NULL,
  leaves bytea NOT NULL,
  PRIMARY KEY (run_id, position, part),
  FOREIGN KEY (run_id, position) REFERENCES purge_run_items
);
COMMENT ON TABLE purge_item_leaves IS 'leaves of the batches of an item that is not done yet; merged into the item with its last batch';
CREATE TABLE purge_certificates (
  certificate_id uuid PRIMARY KEY,
  run_id uuid NOT NULL UNIQUE REFERENCES purge_runs,
  body jsonb NOT NULL,
  body_digest bytea NOT NULL,
  signature bytea NOT NULL,
  public_key bytea NOT NULL,
  issued_at timestamptz(3) NOT NULL
);
CREATE TABLE purge_schedule (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  cron text NOT NULL,
  time_zone text NOT NULL,
  paused boolean NOT NULL DEFAULT false
);
INSERT INTO purge_schedule (cron, time_zone) VALUES ('30 3 * * *', 'UTC');

CREATE TABLE evidence_packs (
  pack_id uuid PRIMARY KEY,
  kind text NOT NULL,
  request_id uuid,
  account_id text,
  purpose text NOT NULL,
  reason text,
  language text NOT NULL CHECK (language IN ('en', 'zh', 'both')),
  state text NOT NULL CHECK (state IN ('requested', 'ready', 'failed')),
  requested_by text NOT NULL,
  requested_at timestamptz(3) NOT NULL,
  ready_at timestamptz(3),
  sha256 text,
  bytes bigint,
  pages integer,
  failure text,
  CHECK (state <> 'ready' OR (ready_at IS NOT NULL AND sha256 IS NOT NULL AND bytes IS NOT NULL AND pages IS NOT NULL))
);
CREATE INDEX evidence_packs_request ON evidence_packs (request_id);
CREATE INDEX evidence_packs_open ON evidence_packs (requested_at) WHERE state = 'requested';
COMMENT ON COLUMN evidence_packs.failure IS 'what a requested pack waits for, or why a failed one cannot be made';
CREATE TRIGGER purge_certificates_stay BEFORE UPDATE OR DELETE ON purge_certificates FOR EACH ROW EXECUTE FUNCTION refuse_change();`);
  }

  /** Forward only: an older program refuses a newer database instead. */
  down(): Promise<void> { return Promise.reject(new Error('migrations go forward only')); }
}
