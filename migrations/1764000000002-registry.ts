import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Operators, accounts, keys, providers, models, prices, confirmations, availability: what the gateway's snapshot is made of. */
export class Registry1764000000002 implements MigrationInterface {
  readonly name = 'Registry1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE operator_profile (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  name text NOT NULL,
  jurisdiction text NOT NULL,
  contact text NOT NULL
);
CREATE TABLE operators (
  operator_id uuid PRIMARY KEY,
  email text NOT NULL UNIQUE CHECK (email = lower(email)),
  name text NOT NULL,
  password_hash text NOT NULL,
  roles text[] NOT NULL,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
  failed_logins integer NOT NULL DEFAULT 0,
  locked_until timestamptz(3),
  created_at timestamptz(3) NOT NULL
);
CREATE TABLE console_sessions (
  sid text PRIMARY KEY,
  sess json NOT NULL,
  expire timestamptz(6) NOT NULL
);
CREATE INDEX console_sessions_expire ON console_sessions (expire);
CREATE TABLE api_tokens (
  token_id uuid PRIMARY KEY,
  name text NOT NULL,
  secret_hash bytea NOT NULL UNIQUE,
  roles text[] NOT NULL,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'revoked')),
  created_at timestamptz(3) NOT NULL
);
CREATE TABLE accounts (
  account_id text PRIMARY KEY CHECK (account_id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text NOT NULL,
  jurisdiction text NOT NULL,
  contact text NOT NULL,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'closed')),
  requests_per_minute integer,
  tokens_per_minute bigint,
  created_at timestamptz(3) NOT NULL,
  closed_at timestamptz(3),
  erased_at timestamptz(3)
);
COMMENT ON COLUMN accounts.erased_at IS 'name and contact were purged; the row stays so that the id is not given to someone else';
CREATE TABLE api_keys (
  key_id uuid PRIMARY KEY,
  account_id text NOT NULL REFERENCES accounts,
  name text NOT NULL,
  secret_hash bytea NOT NULL UNIQUE,
  hint text NOT NULL,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'revoked')),
  created_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3),
  UNIQUE (account_id, name)
);
CREATE TABLE providers (
  provider_id text PRIMARY KEY CHECK (provider_id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text NOT NULL,
  category text NOT NULL CHECK (category IN ('model', 'cloud', 'network', 'security', 'payment', 'email')),
  legal_entity text NOT NULL,
  jurisdictions text[] NOT NULL CHECK (cardinality(jurisdictions) > 0),
  protocol text CHECK (protocol IN ('openai', 'anthropic')),
  base_url text,
  credential_sealed bytea,
  credential_source text,
  dpa_signed_on text,
  dpa_reference text,
  stand_in boolean NOT NULL DEFAULT false,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
  created_at timestamptz(3) NOT NULL,
  CHECK ((category = 'model') = (protocol IS NOT NULL AND base_url IS NOT NULL))
);
CREATE TABLE provider_terms (
  provider_id text NOT NULL REFERENCES providers,
  version text NOT NULL,
  effective_from text NOT NULL,
  url text NOT NULL,
  trains_on_inputs boolean NOT NULL,
  retention_days integer NOT NULL,
  PRIMARY KEY (provider_id, version)
);
CREATE TABLE models (
  model_id text PRIMARY KEY
);
CREATE TABLE model_routes (
  model_id text NOT NULL REFERENCES models,
  position integer NOT NULL,
  provider_id text NOT NULL REFERENCES providers,
  upstream_model text,
  PRIMARY KEY (model_id, position)
);
CREATE TABLE prices (
  price_id uuid PRIMARY KEY,
  model text NOT NULL,
  provider_id text NOT NULL REFERENCES providers,
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  effective_from text NOT NULL,
  input_micros bigint NOT NULL CHECK (input_micros >= 0),
  cache_read_micros bigint NOT NULL CHECK (cache_read_micros >= 0),
  cache_write_micros bigint NOT NULL CHECK (cache_write_micros >= 0),
  cache_write_1h_micros bigint CHECK (cache_write_1h_micros >= 0),
  output_micros bigint NOT NULL CHECK (output_micros >= 0),
  UNIQUE (model, provider_id, effective_from)
);
COMMENT ON COLUMN prices.input_micros IS 'micro-units of the currency per million tokens';
CREATE TABLE confirmations (
  confirmation_id uuid PRIMARY KEY,
  account_id text NOT NULL REFERENCES accounts,
  destination text NOT NULL,
  basis text NOT NULL CHECK (basis IN ('adequacy', 'standard-contract', 'certification', 'security-assessment', 'consent', 'exemption')),
  covers text[] NOT NULL,
  confirmed_by text NOT NULL,
  confirmed_at text NOT NULL,
  valid_until text NOT NULL,
  withdrawn_at timestamptz(3),
  UNIQUE (account_id, destination, confirmed_at)
);
CREATE TABLE availability_rules (
  rule_id uuid PRIMARY KEY,
  position integer NOT NULL,
  conditions jsonb NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('allow', 'suspend')),
  reason text NOT NULL
);
CREATE TABLE registry_versions (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  version bigint NOT NULL
);
INSERT INTO registry_versions VALUES (true, 1);

-- Every change to what the gateway decides by raises the version and tells the gateways, at commit, from whatever path it came.
CREATE FUNCTION raise_registry_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE registry_versions SET version = version + 1;
  PERFORM pg_notify('holdfast_registry', '');
  RETURN NULL;
END $$;
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['operator_profile','accounts','api_keys','providers','provider_terms','models','model_routes','prices','confirmations','availability_rules'] LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH STATEMENT EXECUTE FUNCTION raise_registry_version()', t || '_version', t);
  END LOOP;
END $$;`);
  }

  /** Forward only: an older program refuses a newer database instead. */
  down(): Promise<void> { return Promise.reject(new Error('migrations go forward only')); }
}
