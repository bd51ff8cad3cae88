import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Grants under which content may be kept, and the content, sealed before it is written. */
export class Vault1764000000010 implements MigrationInterface {
  readonly name = 'Vault1764000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE content_grants (
  grant_id uuid PRIMARY KEY,
  account_id text NOT NULL REFERENCES accounts,
  kind text NOT NULL CHECK (kind IN ('troubleshooting', 'security_review')),
  key_ids uuid[],
  models text[],
  sides text[] NOT NULL,
  trigger text NOT NULL CHECK (trigger IN ('every', 'failed')),
  sample_percent integer NOT NULL CHECK (sample_percent BETWEEN 1 AND 100),
  keep_hours integer NOT NULL CHECK (keep_hours > 0),
  reason text NOT NULL,
  authorised_by text,
  granted_by text NOT NULL,
  granted_at timestamptz(3) NOT NULL,
  valid_from timestamptz(3) NOT NULL,
  valid_until timestamptz(3) NOT NULL,
  revoked_at timestamptz(3),
  revoked_by text,
  CHECK (valid_until > valid_from),
  CHECK (kind <> 'troubleshooting' OR authorised_by IS NOT NULL),
  CHECK (keep_hours <= CASE kind WHEN 'troubleshooting' THEN 72 ELSE 720 END)
);
CREATE INDEX content_grants_account ON content_grants (account_id, granted_at);
COMMENT ON COLUMN content_grants.key_ids IS 'null means every key of the account';
COMMENT ON COLUMN content_grants.models IS 'null means every model';
CREATE TRIGGER content_grants_version AFTER INSERT OR UPDATE OR DELETE ON content_grants FOR EACH ROW EXECUTE FUNCTION raise_registry_version();

CREATE SCHEMA vault;
CREATE TABLE vault.inputs (
  request_id uuid PRIMARY KEY,
  account_id text NOT NULL,
  key_id uuid NOT NULL,
  grant_id uuid NOT NULL,
  at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  key_name text NOT NULL,
  wrapped_key bytea NOT NULL,
  sealed bytea NOT NULL,
  content_type text,
  content_encoding text,
  content_bytes bigint NOT NULL,
  truncated boolean NOT NULL
);
CREATE TABLE vault.outputs (LIKE vault.inputs INCLUDING ALL);
ALTER TABLE vault.inputs ALTER COLUMN sealed SET STORAGE EXTERNAL;
ALTER TABLE vault.outputs ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE INDEX inputs_expiry ON vault.inputs (expires_at);
CREATE INDEX outputs_expiry ON vault.outputs (expires_at);
CREATE INDEX inputs_grant ON vault.inputs (grant_id);
CREATE INDEX outputs_grant ON vault.outputs (grant_id);
CREATE INDEX inputs_key ON vault.inputs (key_name);
CREATE INDEX outputs_key ON vault.outputs (key_name);
COMMENT ON COLUMN vault.inputs.sealed IS 'AES-256-GCM under a key of its own; that key is in wrapped_key, under the key named key_name, which is never in a database';`);
  }

  /** Forward only: an older program refuses a newer database instead. */
  down(): Promise<void> { return Promise.reject(new Error('migrations go forward only')); }
}
