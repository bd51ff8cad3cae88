import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What card schemes ask of a payment; invoices and credit notes with their pages; payments that disputes are about. */
export class Invoices1764000000019 implements MigrationInterface {
  readonly name = 'Invoices1764000000019';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE payments
  ADD COLUMN processor text,
  ADD COLUMN processor_payment_id text,
  ADD COLUMN method text,
  ADD COLUMN card_brand text,
  ADD COLUMN card_last4 text CHECK (card_last4 ~ '^[0-9]{4}$'),
  ADD COLUMN card_fingerprint_sha256 text,
  ADD COLUMN descriptor text,
  ADD COLUMN login_id text,
  ADD COLUMN ip_address text,
  ADD COLUMN device_sha256 text,
  ADD COLUMN shipping_sha256 text,
  ADD COLUMN status text NOT NULL DEFAULT 'paid' CHECK (status IN ('paid', 'refunded', 'disputed', 'won', 'lost')),
  ADD COLUMN refunded_micros bigint NOT NULL DEFAULT 0,
  ADD COLUMN disputed_at timestamptz(3),
  ADD COLUMN status_at timestamptz(3),
  ADD CHECK (num_nonnulls(processor, processor_payment_id) IN (0, 2)),
  ADD CHECK (refunded_micros BETWEEN 0 AND amount_micros),
  ADD CHECK (status NOT IN ('disputed', 'won', 'lost') OR disputed_at IS NOT NULL);
CREATE UNIQUE INDEX payments_of_processor ON payments (processor, processor_payment_id) WHERE processor IS NOT NULL;
COMMENT ON COLUMN payments.card_fingerprint_sha256 IS 'SHA-256, hex, of what the processor names the card by; never of the card number';
COMMENT ON COLUMN payments.status IS 'changes through act alone; the audit records hold every version';
COMMENT ON COLUMN payments.disputed_at IS 'when it was first disputed; never taken back, whatever became of it';

CREATE TABLE invoice_numbers (
  series text NOT NULL,
  year integer NOT NULL,
  last integer NOT NULL,
  PRIMARY KEY (series, year)
);
CREATE TABLE invoices (
  invoice_id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
  number text NOT NULL UNIQUE,
  series text NOT NULL,
  year integer NOT NULL,
  sequence integer NOT NULL CHECK (sequence > 0),
  account_id text NOT NULL,
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  period text NOT NULL CHECK (period ~ '^[0-9]{4}-[0-9]{2}$'),
  total_micros bigint NOT NULL,
  payable_micros bigint NOT NULL,
  calls bigint NOT NULL,
  covers_from timestamptz(3),
  covers_to timestamptz(3),
  tree_size bigint,
  refers_to uuid,
  refers_number text,
  approval_id uuid,
  reason text,
  fiscal_year_end text NOT NULL,
  issued_at timestamptz(3) NOT NULL,
  issued_by text NOT NULL,
  document jsonb NOT NULL,
  document_sha256 text NOT NULL,
  UNIQUE (series, year, sequence),
  CHECK ((kind = 'invoice') = (refers_to IS NULL)),
  CHECK (kind = 'credit_note' OR num_nonnulls(covers_from, covers_to, tree_size) = 3),
  CHECK (kind = 'invoice' OR num_nonnulls(approval_id, reason, refers_number) = 3)
);
CREATE UNIQUE INDEX invoices_month ON invoices (account_id, currency, period) WHERE kind = 'invoice';
CREATE INDEX invoices_account ON invoices (account_id, invoice_id);
CREATE INDEX invoices_credits ON invoices (refers_to) WHERE refers_to IS NOT NULL;
CREATE INDEX invoices_fiscal ON invoices (fiscal_year_end);
COMMENT ON COLUMN invoices.tree_size IS 'size of the log at issue: calls below it are on this invoice or an earlier one, calls above it on a later one';
COMMENT ON COLUMN invoices.document IS 'everything the pages say; document_sha256 is of its RFC 8785 text and stands on the ledger';
CREATE TRIGGER invoices_append_only BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TABLE invoice_pages (
  invoice_id uuid PRIMARY KEY,
  account_id text NOT NULL,
  fiscal_year_end text NOT NULL,
  issued_at timestamptz(3) NOT NULL,
  sha256 text NOT NULL,
  pages integer NOT NULL,
  printed_at timestamptz(3) NOT NULL,
  pdf bytea NOT NULL
);
CREATE INDEX invoice_pages_fiscal ON invoice_pages (fiscal_year_end);
COMMENT ON TABLE invoice_pages IS 'sealed PDF files: accounting records that are in every backup and go with the purge run of their year';
CREATE TRIGGER invoice_pages_append_only BEFORE UPDATE ON invoice_pages FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE case_payments (
  case_id uuid NOT NULL REFERENCES cases,
  payment_id uuid NOT NULL,
  linked_by text NOT NULL,
  linked_at timestamptz(3) NOT NULL,
  PRIMARY KEY (case_id, payment_id)
);`);
  }

  /** Forward only: an older program refuses a newer database instead. */
  down(): Promise<void> { return Promise.reject(new Error('migrations go forward only')); }
}
