import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Units beside tokens, prices as versions that never change, limits of accounts and keys. */
export class Money1764000000006 implements MigrationInterface {
  readonly name = 'Money1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE calls ADD COLUMN usage_units jsonb;
COMMENT ON COLUMN calls.usage_units IS 'audio, pictures, characters: decimal text by unit; null for a call of plain text';

ALTER TABLE prices ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version >= 1);
ALTER TABLE prices ADD COLUMN unit_micros jsonb;
ALTER TABLE prices ADD COLUMN long_context jsonb;
ALTER TABLE prices ADD COLUMN source text;
ALTER TABLE prices DROP CONSTRAINT prices_model_provider_id_effective_from_key;
ALTER TABLE prices ADD CONSTRAINT prices_one_of_a_version UNIQUE (model, provider_id, effective_from, version);
COMMENT ON COLUMN prices.unit_micros IS 'micro-units of the currency per million of a unit, decimal text by unit';
COMMENT ON COLUMN prices.long_context IS 'other amounts for a call whose whole input is above so many tokens, decimal texts; null: none';
COMMENT ON COLUMN prices.source IS 'where the amounts come from, with its version; null: set by hand';
CREATE TRIGGER prices_append_only BEFORE UPDATE ON prices FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE operator_profile ADD COLUMN unpriced_calls text NOT NULL DEFAULT 'refuse' CHECK (unpriced_calls IN ('refuse', 'allow'));
COMMENT ON COLUMN operator_profile.unpriced_calls IS 'what becomes of a call that no price in force covers';

CREATE TABLE installation (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  installation_id uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO installation DEFAULT VALUES;
COMMENT ON TABLE installation IS 'tells installations that share a Redis apart';

CREATE TABLE usage_limits (
  subject_kind text NOT NULL CHECK (subject_kind IN ('account', 'key')),
  subject_id text NOT NULL,
  budget_micros bigint CHECK (budget_micros > 0),
  budget_period text CHECK (budget_period IN ('day', 'month')),
  budget_currency text CHECK (budget_currency ~ '^[A-Z]{3}$'),
  quota_tokens bigint CHECK (quota_tokens > 0),
  quota_period text CHECK (quota_period IN ('day', 'month')),
  requests_per_minute integer CHECK (requests_per_minute > 0),
  tokens_per_minute bigint CHECK (tokens_per_minute > 0),
  concurrent_calls integer CHECK (concurrent_calls > 0),
  PRIMARY KEY (subject_kind, subject_id),
  CHECK (num_nonnulls(budget_micros, budget_period, budget_currency) IN (0, 3)),
  CHECK (num_nonnulls(quota_tokens, quota_period) IN (0, 2)),
  CHECK (subject_kind = 'key' OR num_nonnulls(requests_per_minute, tokens_per_minute) = 0)
);
COMMENT ON TABLE usage_limits IS 'limits of accounts and keys; an account has its limits a minute in accounts';
CREATE TRIGGER usage_limits_version AFTER INSERT OR UPDATE OR DELETE ON usage_limits FOR EACH STATEMENT EXECUTE FUNCTION raise_registry_version();

CREATE TABLE limit_notices (
  subject_kind text NOT NULL,
  subject_id text NOT NULL,
  of text NOT NULL CHECK (of IN ('budget', 'quota')),
  period_start text NOT NULL,
  threshold integer NOT NULL,
  at timestamptz(3) NOT NULL,
  PRIMARY KEY (subject_kind, subject_id, of, period_start, threshold)
);
COMMENT ON TABLE limit_notices IS 'which threshold was told of in which period, so that it is told once';`);
  }

  /** Forward only: an older program refuses a newer database instead. */
  down(): Promise<void> { return Promise.reject(new Error('migrations go forward only')); }
}
