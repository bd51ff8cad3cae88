import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What proofs of completeness, the change of the log's key, and anchors outside the database need. */
export class Proofs1764000000005 implements MigrationInterface {
  readonly name = 'Proofs1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE gateway_epochs ADD COLUMN epoch_number bigint UNIQUE, ADD COLUMN last_numbers jsonb, ADD COLUMN number_salt bytea;
UPDATE gateway_epochs e SET epoch_number = n.number FROM (SELECT epoch_id, row_number() OVER (ORDER BY opened_at, epoch_id) AS number FROM gateway_epochs) n WHERE n.epoch_id = e.epoch_id;
ALTER TABLE gateway_epochs ALTER COLUMN epoch_number SET NOT NULL;
COMMENT ON COLUMN gateway_epochs.epoch_number IS 'gap-free over all gateways, given under a table lock; it stands on the record of the opening';
COMMENT ON COLUMN gateway_epochs.last_numbers IS 'last number of each account at the close; the close record holds their root alone, so that a proof for one account shows nothing of others';

CREATE TABLE ledger_keys (
  key_number integer PRIMARY KEY CHECK (key_number > 1),
  verifier_key text NOT NULL UNIQUE,
  from_size bigint NOT NULL CHECK (from_size >= 0),
  handover text NOT NULL,
  at timestamptz(3) NOT NULL
);
COMMENT ON TABLE ledger_keys IS 'keys of the log after the first; handover is a note signed by the key before and by this one';
CREATE TABLE ledger_anchors (
  anchor_id uuid PRIMARY KEY,
  tree_size bigint NOT NULL,
  note_sha256 bytea NOT NULL CHECK (octet_length(note_sha256) = 32),
  signed_note text NOT NULL,
  authority text NOT NULL,
  attested_at timestamptz(3) NOT NULL,
  token bytea NOT NULL,
  at timestamptz(3) NOT NULL
);
CREATE INDEX ledger_anchors_size ON ledger_anchors (tree_size);
COMMENT ON TABLE ledger_anchors IS 'RFC 3161 time stamps of checkpoints';
CREATE TRIGGER ledger_keys_stay BEFORE UPDATE OR DELETE ON ledger_keys FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_anchors_stay BEFORE UPDATE OR DELETE ON ledger_anchors FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE ledger_keys ENABLE ALWAYS TRIGGER ledger_keys_stay;
ALTER TABLE ledger_anchors ENABLE ALWAYS TRIGGER ledger_anchors_stay;`);
  }

  /** Forward only: an older program refuses a newer database instead. */
  down(): Promise<void> { return Promise.reject(new Error('migrations go forward only')); }
}
