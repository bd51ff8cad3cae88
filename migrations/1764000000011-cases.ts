import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Cases with their moves, clocks, calls, files and collections; the disclosure log; what providers say they served. */
export class Cases1764000000011 implements MigrationInterface {
  readonly name = 'Cases1764000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE case_numbers (
  kind text NOT NULL,
  year integer NOT NULL,
  last integer NOT NULL,
  PRIMARY KEY (kind, year)
);
CREATE TABLE cases (
  case_id uuid PRIMARY KEY,
  number text NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('dispute', 'lawful_request', 'subject_request')),
  state text NOT NULL,
  account_id text,
  facts jsonb NOT NULL,
  received_at timestamptz(3) NOT NULL,
  opened_at timestamptz(3) NOT NULL,
  opened_by text NOT NULL,
  owner_id text,
  moved_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3),
  hold_id uuid,
  release_asked_at timestamptz(3)
);
CREATE INDEX cases_open ON cases (kind) WHERE ended_at IS NULL;
CREATE INDEX cases_account ON cases (account_id);
COMMENT ON COLUMN cases.facts IS 'what opening and moves said, newest word per name; the moves keep every word';
COMMENT ON COLUMN cases.owner_id IS 'operator who is reminded first; null when no operator opened it';
COMMENT ON COLUMN cases.release_asked_at IS 'when the release of the hold of an ended case was asked for';
CREATE TABLE case_moves (
  move_id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases,
  at timestamptz(3) NOT NULL,
  move text NOT NULL,
  from_state text,
  to_state text NOT NULL,
  person text,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  fields jsonb NOT NULL,
  effects jsonb NOT NULL
);
CREATE INDEX case_moves_case ON case_moves (case_id, move_id);
COMMENT ON COLUMN case_moves.person IS 'who counts for four eyes: the operator, or the operator who issued the token; null where no person stands behind it';
CREATE TABLE case_calls (
  case_id uuid NOT NULL REFERENCES cases,
  request_id uuid NOT NULL,
  linked_by text NOT NULL,
  linked_at timestamptz(3) NOT NULL,
  PRIMARY KEY (case_id, request_id)
);
CREATE INDEX case_calls_request ON case_calls (request_id);
CREATE TABLE case_clocks (
  clock_id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases,
  name text NOT NULL,
  preset text NOT NULL,
  source text NOT NULL,
  started_at timestamptz(3) NOT NULL,
  amber_at timestamptz(3) NOT NULL,
  red_at timestamptz(3) NOT NULL,
  due_at timestamptz(3) NOT NULL,
  extension text,
  extended_at timestamptz(3),
  stopped_at timestamptz(3),
  stage text NOT NULL DEFAULT 'running' CHECK (stage IN ('running', 'amber', 'red', 'overdue')),
  mailed_stage text NOT NULL DEFAULT 'running' CHECK (mailed_stage IN ('running', 'amber', 'red', 'overdue')),
  CHECK (amber_at <= red_at AND red_at <= due_at)
);
CREATE UNIQUE INDEX case_clocks_running ON case_clocks (case_id, name) WHERE stopped_at IS NULL;
CREATE INDEX case_clocks_due ON case_clocks (due_at) WHERE stopped_at IS NULL;
COMMENT ON COLUMN case_clocks.stage IS 'the last stage that went on the ledger; how far the clock is follows from the instants';
CREATE TABLE case_files (
  file_id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases,
  role text NOT NULL CHECK (role IN ('instrument', 'identity', 'correspondence', 'evidence')),
  name text NOT NULL,
  media_type text NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  stored_by text NOT NULL,
  stored_at timestamptz(3) NOT NULL,
  destroyed_at timestamptz(3)
);
CREATE INDEX case_files_case ON case_files (case_id);
COMMENT ON TABLE case_files IS 'the files themselves are sealed, outside the database, in HOLDFAST_HOME/cases';
CREATE TABLE case_collections (
  collection_id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases,
  at timestamptz(3) NOT NULL,
  collected_by text NOT NULL,
  parameters jsonb NOT NULL,
  counts jsonb NOT NULL,
  digest text NOT NULL,
  snapshot text NOT NULL
);
CREATE INDEX case_collections_case ON case_collections (case_id);
COMMENT ON COLUMN case_collections.counts IS 'rows and SHA-256 of the ascending ids, one a line, by data type';
COMMENT ON COLUMN case_collections.digest IS 'SHA-256, hex, of the RFC 8785 text of {parameters, counts}';
CREATE TABLE case_clock_settings (
  preset_id text PRIMARY KEY,
  due text NOT NULL,
  amber text NOT NULL,
  red text NOT NULL,
  source text NOT NULL,
  set_by text NOT NULL,
  set_at timestamptz(3) NOT NULL
);
CREATE TABLE disclosures (
  disclosure_id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases,
  at timestamptz(3) NOT NULL,
  authority text NOT NULL,
  country text NOT NULL,
  instrument_type text NOT NULL,
  reference text NOT NULL,
  served_on text NOT NULL,
  due_at timestamptz(3),
  legal_basis text NOT NULL,
  selectors jsonb NOT NULL,
  account_ids text[] NOT NULL,
  data_types text[] NOT NULL,
  includes_bodies boolean NOT NULL,
  rows bigint NOT NULL,
  collection_digest text NOT NULL,
  narrowing text,
  rejected_part text,
  taken_out text NOT NULL,
  reviewer text NOT NULL,
  approvers text[] NOT NULL,
  extractor text NOT NULL,
  released_by text NOT NULL,
  pack_sha256 text,
  recipient text NOT NULL,
  delivery text NOT NULL,
  emergency boolean NOT NULL,
  cost text
);
CREATE INDEX disclosures_at ON disclosures (at);
CREATE TABLE provider_usage_imports (
  import_id uuid PRIMARY KEY,
  provider_id text NOT NULL,
  name text NOT NULL,
  sha256 text NOT NULL,
  rows integer NOT NULL,
  by_request boolean NOT NULL,
  from_day text NOT NULL,
  to_day text NOT NULL,
  imported_by text NOT NULL,
  imported_at timestamptz(3) NOT NULL,
  UNIQUE (provider_id, sha256)
);
COMMENT ON COLUMN provider_usage_imports.by_request IS 'every row names a request of the provider; else rows are sums of a day and model';
CREATE TABLE provider_usage_rows (
  import_id uuid NOT NULL REFERENCES provider_usage_imports,
  position integer NOT NULL,
  upstream_request_id text,
  day text NOT NULL,
  model text NOT NULL,
  input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  amount_micros bigint,
  currency text,
  PRIMARY KEY (import_id, position)
);
COMMENT ON TABLE disclosures IS 'append-only; made by the move release alone. Receipt and notice come later and stand on the moves of the case';
CREATE TRIGGER case_moves_stay BEFORE UPDATE OR DELETE ON case_moves FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER case_collections_stay BEFORE UPDATE OR DELETE ON case_collections FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER disclosures_stay BEFORE UPDATE OR DELETE ON disclosures FOR EACH ROW EXECUTE FUNCTION refuse_change();`);
  }

  /** Forward only: an older program refuses a newer database instead. */
  down(): Promise<void> { return Promise.reject(new Error('migrations go forward only')); }
}
