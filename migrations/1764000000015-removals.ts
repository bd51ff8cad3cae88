import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The journal of removals, which a restored database is held against; and which rows of small tables a run removed. */
export class Removals1764000000015 implements MigrationInterface {
  readonly name = 'Removals1764000000015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE removal_journal (
  number bigint PRIMARY KEY CHECK (number > 0),
  kind text NOT NULL,
  subject text NOT NULL,
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  at timestamptz(3) NOT NULL,
  entry text
);
CREATE INDEX removal_journal_unwritten ON removal_journal (number) WHERE entry IS NOT NULL;
COMMENT ON TABLE removal_journal IS 'numbers and digests of the files in HOME/removals; a number there that is not here means that this database was restored';
COMMENT ON COLUMN removal_journal.entry IS 'the text of the file until it is written';

CREATE TABLE purge_item_rows (
  run_id uuid NOT NULL,
  position integer NOT NULL,
  part integer NOT NULL,
  ids text[] NOT NULL,
  PRIMARY KEY (run_id, position, part),
  FOREIGN KEY (run_id, position) REFERENCES purge_run_items
);
CREATE TABLE purge_alerts (
  kind text NOT NULL CHECK (kind IN ('failed', 'stuck', 'overdue', 'held_overdue')),
  data_type text NOT NULL,
  detail text NOT NULL,
  since timestamptz(3) NOT NULL,
  mailed_at timestamptz(3),
  PRIMARY KEY (kind, data_type)
);
COMMENT ON TABLE purge_alerts IS 'what about purges needs somebody now; when it began and ended is on the ledger';
COMMENT ON TABLE purge_item_rows IS 'ids of rows removed from tables whose rows are no ledger records, until the certificate takes them into the journal of removals';`);
  }

  /** Forward only: an older program refuses a newer database instead. */
  down(): Promise<void> { return Promise.reject(new Error('migrations go forward only')); }
}
