import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many rows of each account finished partitions have, so that simulations need not count them again; and which old checkpoints may go. */
export class PartitionCounts1764000000014 implements MigrationInterface {
  readonly name = 'PartitionCounts1764000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE partition_counts (
  relid oid PRIMARY KEY,
  name text NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  counts text
);
COMMENT ON TABLE partition_counts IS 'rows by account of finished partitions; derived from them, and gone with them';
COMMENT ON COLUMN partition_counts.version IS 'raised by every transaction that writes into the partition';
COMMENT ON COLUMN partition_counts.counts IS 'lines of account and number; null: not counted since the last write';

-- Once a transaction and partition: a batch of ten thousand rows changes one row here, not ten thousand times.
CREATE FUNCTION note_partition_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('holdfast.partition_written', true) IS DISTINCT FROM TG_RELID::text THEN
    UPDATE partition_counts SET version = version + 1, counts = NULL WHERE relid = TG_RELID;
    PERFORM set_config('holdfast.partition_written', TG_RELID::text, true);
  END IF;
  RETURN NULL;
END $$;

-- Of an hour (UTC) that is over for a week the first and the last checkpoint stay, and every one that something names. The tiles prove all others.
CREATE FUNCTION keep_checkpoint() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE hour timestamptz := date_trunc('hour', OLD.at, 'UTC');
BEGIN
  IF TG_OP = 'DELETE' AND hour < now() - interval '7 days' - interval '1 hour'
    AND (SELECT date_trunc('hour', c.at, 'UTC') = hour FROM ledger_checkpoints c WHERE c.tree_size < OLD.tree_size ORDER BY c.tree_size DESC LIMIT 1)
    AND (SELECT date_trunc('hour', c.at, 'UTC') = hour FROM ledger_checkpoints c WHERE c.tree_size > OLD.tree_size ORDER BY c.tree_size LIMIT 1)
    AND NOT EXISTS (SELECT 1 FROM named_tree_sizes n WHERE n.tree_size = OLD.tree_size)
  THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE TRIGGER ledger_checkpoints_stay BEFORE UPDATE OR DELETE ON ledger_checkpoints FOR EACH ROW EXECUTE FUNCTION keep_checkpoint();
ALTER TABLE ledger_checkpoints ENABLE ALWAYS TRIGGER ledger_checkpoints_stay;
CREATE VIEW named_tree_sizes AS
  SELECT tree_size FROM ledger_anchors UNION ALL SELECT from_size FROM ledger_keys UNION ALL SELECT checkpoint_before FROM purge_runs WHERE checkpoint_before IS NOT NULL;
COMMENT ON VIEW named_tree_sizes IS 'sizes of the log that time stamps, hand-overs of the key and purge runs name: their checkpoints stay';`);
  }

  /** Forward only: an older program refuses a newer database instead. */
  down(): Promise<void> { return Promise.reject(new Error('migrations go forward only')); }
}
