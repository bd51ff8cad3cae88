import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Kinds of packs with their frozen query, volumes, progress, and links that expire. */
export class Packs1764000000012 implements MigrationInterface {
  readonly name = 'Packs1764000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE evidence_packs DROP CONSTRAINT evidence_packs_state_check;
ALTER TABLE evidence_packs ADD CONSTRAINT evidence_packs_state_check CHECK (state IN ('requested', 'assembling', 'ready', 'failed', 'cancelled', 'purged'));
ALTER TABLE evidence_packs ADD CONSTRAINT evidence_packs_kind_check
  CHECK (kind IN ('dispute', 'scheme_exhibit', 'lawful_request', 'subject_access', 'audit_period', 'purge_certificate', 'custom'));
ALTER TABLE evidence_packs
  ADD COLUMN case_number text,
  ADD COLUMN params jsonb NOT NULL DEFAULT '{"from": null, "until": null, "data_types": ["api_call_metadata", "third_party_call_records"], "run_id": null, "legal": null, "oldest": null}',
  ADD COLUMN snapshot jsonb,
  ADD COLUMN redact text[] NOT NULL DEFAULT '{}',
  ADD COLUMN progress jsonb,
  ADD COLUMN cancel_asked boolean NOT NULL DEFAULT false,
  ADD COLUMN volumes integer,
  ADD COLUMN purged_at timestamptz(3);
COMMENT ON COLUMN evidence_packs.params IS 'the frozen query, with the request_id and account_id beside it';
COMMENT ON COLUMN evidence_packs.snapshot IS 'what the query found: log size, counts, digest of the ids';
DROP INDEX evidence_packs_open;
CREATE INDEX evidence_packs_open ON evidence_packs (requested_at) WHERE state IN ('requested', 'assembling');
CREATE INDEX evidence_packs_case ON evidence_packs (case_number) WHERE case_number IS NOT NULL;

CREATE TABLE evidence_pack_files (
  pack_id uuid NOT NULL REFERENCES evidence_packs,
  volume integer NOT NULL CHECK (volume >= 0),
  sha256 text NOT NULL,
  bytes bigint NOT NULL,
  pages integer NOT NULL,
  records integer NOT NULL,
  first_item text NOT NULL,
  last_item text NOT NULL,
  ids_sha256 text NOT NULL,
  made_at timestamptz(3) NOT NULL,
  PRIMARY KEY (pack_id, volume)
);
COMMENT ON COLUMN evidence_pack_files.volume IS '0 is the pack itself, or the master of its volumes';
COMMENT ON COLUMN evidence_pack_files.ids_sha256 IS 'of the records in it; an assembly that goes on takes a volume over only when it matches';

CREATE TABLE evidence_links (
  link_id uuid PRIMARY KEY,
  pack_id uuid NOT NULL REFERENCES evidence_packs,
  token_sha256 bytea NOT NULL UNIQUE,
  recipient text NOT NULL,
  made_by text NOT NULL,
  made_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL CHECK (expires_at > made_at),
  most_downloads integer NOT NULL CHECK (most_downloads > 0),
  downloads integer NOT NULL DEFAULT 0,
  revoked_at timestamptz(3),
  revoked_by text,
  CHECK (downloads <= most_downloads)
);
CREATE INDEX evidence_links_pack ON evidence_links (pack_id);
COMMENT ON COLUMN evidence_links.token_sha256 IS 'the token itself is shown once and kept nowhere';
`);
  }

  down(): Promise<void> { return Promise.reject(new Error('migrations go forward only')); }
}
