import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The big append-only tables, partitioned by UTC day of the id they are keyed by. Partitions come from platform/db/partitions. */
export class Calls1764000000003 implements MigrationInterface {
  readonly name = 'Calls1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE gateway_epochs (
  epoch_id uuid PRIMARY KEY,
  opened_at timestamptz(3) NOT NULL,
  last_seen_at timestamptz(3) NOT NULL,
  closed_at timestamptz(3),
  swept_at timestamptz(3),
  host text NOT NULL,
  pid integer NOT NULL
);
COMMENT ON COLUMN gateway_epochs.swept_at IS 'when the sweep of orphans found nothing left to settle; a heartbeat empties it';
CREATE TABLE calls (
  request_id uuid PRIMARY KEY,
  schema_version smallint NOT NULL,
  at timestamptz(3) NOT NULL,
  ended_at timestamptz(3) NOT NULL,
  account_id text,
  key_id uuid,
  epoch_id uuid NOT NULL,
  account_seq bigint,
  method text NOT NULL,
  path text NOT NULL,
  protocol text,
  model text,
  served_model text,
  stream boolean NOT NULL,
  status text NOT NULL,
  http_status integer NOT NULL,
  refusal_code text,
  client_request_id text,
  upstream_request_id text,
  session_id text,
  caller_region text,
  provider_id text,
  attempts integer NOT NULL,
  usage_input bigint NOT NULL,
  usage_cache_read bigint NOT NULL,
  usage_cache_write bigint NOT NULL,
  usage_cache_write_1h bigint NOT NULL,
  usage_output bigint NOT NULL,
  usage_reasoning bigint NOT NULL,
  usage_source text NOT NULL,
  cost_micros bigint NOT NULL,
  currency text,
  price_id uuid,
  registry_version bigint NOT NULL,
  request_bytes bigint NOT NULL,
  response_bytes bigint NOT NULL,
  first_byte_ms integer,
  salt bytea NOT NULL,
  batch_id uuid NOT NULL,
  batch_position integer NOT NULL
) PARTITION BY RANGE (request_id);
CREATE INDEX calls_account ON calls (account_id, request_id);
CREATE INDEX calls_upstream ON calls (upstream_request_id) WHERE upstream_request_id IS NOT NULL;
CREATE INDEX calls_client ON calls (client_request_id) WHERE client_request_id IS NOT NULL;
COMMENT ON COLUMN calls.status IS 'completed | refused | failed | cut | aborted | unknown';
COMMENT ON COLUMN calls.usage_input IS 'uncached input tokens; cache buckets stand beside it; cache_write includes cache_write_1h, output includes reasoning';

CREATE TABLE transfers (
  transfer_id uuid PRIMARY KEY,
  schema_version smallint NOT NULL,
  request_id uuid NOT NULL,
  at timestamptz(3) NOT NULL,
  account_id text NOT NULL,
  key_id uuid NOT NULL,
  epoch_id uuid NOT NULL,
  account_seq bigint NOT NULL,
  attempt integer NOT NULL,
  provider_id text NOT NULL,
  provider_name text NOT NULL,
  legal_entity text NOT NULL,
  category text NOT NULL,
  origin_jurisdiction text NOT NULL,
  destination_jurisdictions text[] NOT NULL,
  cross_border boolean NOT NULL,
  terms_version text,
  confirmation_ids uuid[] NOT NULL,
  basis text,
  data_categories text[] NOT NULL,
  model text NOT NULL,
  upstream_model text NOT NULL,
  upstream_host text NOT NULL,
  path text NOT NULL,
  request_bytes bigint NOT NULL,
  registry_version bigint NOT NULL,
  salt bytea NOT NULL,
  batch_id uuid NOT NULL,
  batch_position integer NOT NULL
) PARTITION BY RANGE (transfer_id);
CREATE INDEX transfers_request ON transfers (request_id);
CREATE INDEX transfers_account ON transfers (account_id, transfer_id);

CREATE TABLE transfer_outcomes (
  transfer_id uuid PRIMARY KEY,
  schema_version smallint NOT NULL,
  request_id uuid NOT NULL,
  account_id text NOT NULL,
  at timestamptz(3) NOT NULL,
  outcome text NOT NULL,
  http_status integer,
  upstream_request_id text,
  response_bytes bigint NOT NULL,
  first_byte_ms integer,
  duration_ms integer NOT NULL,
  salt bytea NOT NULL,
  batch_id uuid NOT NULL,
  batch_position integer NOT NULL
) PARTITION BY RANGE (transfer_id);
COMMENT ON COLUMN transfer_outcomes.outcome IS 'answered | rejected | cut | aborted | unreachable | timeout | not_sent | unknown';

CREATE TABLE security_events (
  event_id uuid PRIMARY KEY,
  schema_version smallint NOT NULL,
  at timestamptz(3) NOT NULL,
  kind text NOT NULL,
  severity text NOT NULL,
  account_id text,
  key_id uuid,
  operator_id uuid,
  address text,
  detail jsonb,
  salt bytea NOT NULL,
  batch_id uuid NOT NULL,
  batch_position integer NOT NULL
) PARTITION BY RANGE (event_id);
CREATE INDEX security_events_account ON security_events (account_id, event_id);

CREATE TABLE payments (
  payment_id uuid PRIMARY KEY,
  account_id text NOT NULL,
  amount_micros bigint NOT NULL,
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  paid_at timestamptz(3) NOT NULL,
  fiscal_year_end text NOT NULL,
  reference text NOT NULL,
  UNIQUE (account_id, reference)
);
CREATE INDEX payments_fiscal ON payments (fiscal_year_end);
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['calls','transfers','transfer_outcomes','security_events'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t || '_append_only', t);
  END LOOP;
END $$;`);
  }

  /** Forward only: an older program refuses a newer database instead. */
  down(): Promise<void> { return Promise.reject(new Error('migrations go forward only')); }
}
