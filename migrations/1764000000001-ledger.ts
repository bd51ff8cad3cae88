import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who acts, what was written down, and how it is sealed. */
export class Ledger1764000000001 implements MigrationInterface {
  readonly name = 'Ledger1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE audit_records (
  record_id uuid PRIMARY KEY,
  schema_version smallint NOT NULL,
  at timestamptz(3) NOT NULL,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  purpose text,
  action text NOT NULL,
  subject_kind text NOT NULL,
  subject_id text NOT NULL,
  reason text,
  before jsonb,
  after jsonb,
  salt bytea NOT NULL CHECK (octet_length(salt) = 16),
  batch_id uuid NOT NULL,
  batch_position integer NOT NULL
);
CREATE INDEX audit_records_subject ON audit_records (subject_kind, subject_id, record_id);
CREATE INDEX audit_records_actor ON audit_records (actor_id, record_id);

CREATE TABLE ledger_batches (
  batch_id uuid PRIMARY KEY,
  writer text NOT NULL,
  at timestamptz(3) NOT NULL,
  record_count integer NOT NULL CHECK (record_count > 0),
  commitments bytea NOT NULL,
  first_leaf bigint UNIQUE,
  sealed_at timestamptz(3),
  CHECK (octet_length(commitments) = 32 * record_count)
);
CREATE INDEX ledger_batches_unsealed ON ledger_batches (at) WHERE first_leaf IS NULL;

CREATE TABLE ledger_tiles (
  level smallint NOT NULL,
  tile_index bigint NOT NULL,
  width smallint NOT NULL CHECK (width BETWEEN 1 AND 256),
  hashes bytea NOT NULL,
  PRIMARY KEY (level, tile_index),
  CHECK (octet_length(hashes) = 32 * width)
);
CREATE TABLE ledger_checkpoints (
  tree_size bigint PRIMARY KEY,
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  signed_note text NOT NULL,
  at timestamptz(3) NOT NULL
);
CREATE TABLE sealer_lease (
  lease text PRIMARY KEY,
  holder text NOT NULL,
  expires_at timestamptz(3) NOT NULL
);
INSERT INTO sealer_lease VALUES ('sealer', '', '-infinity');

-- The second wall: what is written down stays as it is. Leaf ranges are the only thing ever set, once.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION refuse_reseal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.first_leaf IS NOT NULL OR NEW.batch_id <> OLD.batch_id OR NEW.commitments <> OLD.commitments OR NEW.record_count <> OLD.record_count THEN
    RAISE EXCEPTION 'a sealed batch does not change' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION refuse_shrink() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.level <> OLD.level OR NEW.tile_index <> OLD.tile_index OR NEW.width <= OLD.width OR substring(NEW.hashes FROM 1 FOR octet_length(OLD.hashes)) <> OLD.hashes THEN
    RAISE EXCEPTION 'a tile only grows' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_records_append_only BEFORE UPDATE ON audit_records FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_batches_seal_once BEFORE UPDATE ON ledger_batches FOR EACH ROW EXECUTE FUNCTION refuse_reseal();
CREATE TRIGGER ledger_batches_stay BEFORE DELETE ON ledger_batches FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_tiles_grow BEFORE UPDATE ON ledger_tiles FOR EACH ROW EXECUTE FUNCTION refuse_shrink();
CREATE TRIGGER ledger_tiles_stay BEFORE DELETE ON ledger_tiles FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_checkpoints_stay BEFORE UPDATE OR DELETE ON ledger_checkpoints FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE audit_records ENABLE ALWAYS TRIGGER audit_records_append_only;
ALTER TABLE ledger_batches ENABLE ALWAYS TRIGGER ledger_batches_seal_once;
ALTER TABLE ledger_batches ENABLE ALWAYS TRIGGER ledger_batches_stay;
ALTER TABLE ledger_tiles ENABLE ALWAYS TRIGGER ledger_tiles_grow;
ALTER TABLE ledger_tiles ENABLE ALWAYS TRIGGER ledger_tiles_stay;
ALTER TABLE ledger_checkpoints ENABLE ALWAYS TRIGGER ledger_checkpoints_stay;`);
  }

  /** Forward only: an older program refuses a newer database instead. */
  down(): Promise<void> { return Promise.reject(new Error('migrations go forward only')); }
}
