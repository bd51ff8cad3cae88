import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many rows of each account finished partitions have, so that simulations need not count them again; and which checkpoints were thinned. */
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
END $$;`);
  }

  /** Forward only: an older program refuses a newer database instead. */
  down(): Promise<void> { return Promise.reject(new Error('migrations go forward only')); }
}
