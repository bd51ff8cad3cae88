-- The whole schema after all migrations. Made by `npm run schema`; a test compares it with a migrated database.

CREATE TABLE accounts (
  account_id text NOT NULL,
  name text NOT NULL,
  jurisdiction text NOT NULL,
  contact text NOT NULL,
  status text NOT NULL DEFAULT 'active'::text,
  requests_per_minute integer,
  tokens_per_minute bigint,
  created_at timestamp(3) with time zone NOT NULL,
  closed_at timestamp(3) with time zone,
  erased_at timestamp(3) with time zone,
  CONSTRAINT accounts_account_id_check CHECK ((account_id ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text)),
  CONSTRAINT accounts_pkey PRIMARY KEY (account_id),
  CONSTRAINT accounts_status_check CHECK ((status = ANY (ARRAY['active'::text, 'closed'::text])))
);
CREATE TRIGGER accounts_version AFTER INSERT OR DELETE OR UPDATE ON public.accounts FOR EACH ROW EXECUTE FUNCTION raise_registry_version();
COMMENT ON COLUMN accounts.erased_at IS 'name and contact were purged; the row stays so that the id is not given to someone else';

CREATE TABLE api_keys (
  key_id uuid NOT NULL,
  account_id text NOT NULL,
  name text NOT NULL,
  secret_hash bytea NOT NULL,
  hint text NOT NULL,
  status text NOT NULL DEFAULT 'active'::text,
  created_at timestamp(3) with time zone NOT NULL,
  revoked_at timestamp(3) with time zone,
  CONSTRAINT api_keys_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(account_id),
  CONSTRAINT api_keys_account_id_name_key UNIQUE (account_id, name),
  CONSTRAINT api_keys_pkey PRIMARY KEY (key_id),
  CONSTRAINT api_keys_secret_hash_key UNIQUE (secret_hash),
  CONSTRAINT api_keys_status_check CHECK ((status = ANY (ARRAY['active'::text, 'revoked'::text])))
);
CREATE TRIGGER api_keys_version AFTER INSERT OR DELETE OR UPDATE ON public.api_keys FOR EACH ROW EXECUTE FUNCTION raise_registry_version();

CREATE TABLE api_tokens (
  token_id uuid NOT NULL,
  name text NOT NULL,
  secret_hash bytea NOT NULL,
  roles text[] NOT NULL,
  status text NOT NULL DEFAULT 'active'::text,
  created_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT api_tokens_pkey PRIMARY KEY (token_id),
  CONSTRAINT api_tokens_secret_hash_key UNIQUE (secret_hash),
  CONSTRAINT api_tokens_status_check CHECK ((status = ANY (ARRAY['active'::text, 'revoked'::text])))
);

CREATE TABLE approvals (
  approval_id uuid NOT NULL,
  action text NOT NULL,
  subject_kind text NOT NULL,
  subject_id text NOT NULL,
  proposal jsonb NOT NULL,
  preview jsonb NOT NULL,
  digest text NOT NULL,
  reason text,
  state text NOT NULL,
  requested_by_kind text NOT NULL,
  requested_by_id text NOT NULL,
  requested_by text NOT NULL,
  requested_at timestamp(3) with time zone NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL,
  decided_by_id text,
  decided_by text,
  decided_at timestamp(3) with time zone,
  decision_reason text,
  CONSTRAINT approvals_check CHECK (((state = 'pending'::text) = (decided_at IS NULL))),
  CONSTRAINT approvals_pkey PRIMARY KEY (approval_id),
  CONSTRAINT approvals_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'approved'::text, 'rejected'::text, 'withdrawn'::text, 'expired'::text])))
);
CREATE INDEX approvals_subject ON public.approvals USING btree (subject_id);
CREATE UNIQUE INDEX approvals_pending ON public.approvals USING btree (action, subject_id) WHERE (state = 'pending'::text);
COMMENT ON COLUMN approvals.digest IS 'SHA-256, hex, of the RFC 8785 text of {action, subject_kind, subject_id, proposal, preview}: what exactly was asked and shown';

CREATE TABLE audit_records (
  record_id uuid NOT NULL,
  schema_version smallint NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  purpose text,
  action text NOT NULL,
  subject_kind text NOT NULL,
  subject_id text NOT NULL,
  reason text,
  before jsonb,
  after jsonb,
  salt bytea NOT NULL,
  batch_id uuid NOT NULL,
  batch_position integer NOT NULL,
  CONSTRAINT audit_records_pkey PRIMARY KEY (record_id),
  CONSTRAINT audit_records_salt_check CHECK ((octet_length(salt) = 16))
);
CREATE INDEX audit_records_actor ON public.audit_records USING btree (actor_id, record_id);
CREATE INDEX audit_records_subject ON public.audit_records USING btree (subject_kind, subject_id, record_id);
CREATE TRIGGER audit_records_append_only BEFORE UPDATE ON public.audit_records FOR EACH ROW EXECUTE FUNCTION refuse_change(); -- enabled always

CREATE TABLE availability_rules (
  rule_id uuid NOT NULL,
  position integer NOT NULL,
  conditions jsonb NOT NULL,
  outcome text NOT NULL,
  reason text NOT NULL,
  CONSTRAINT availability_rules_outcome_check CHECK ((outcome = ANY (ARRAY['allow'::text, 'suspend'::text]))),
  CONSTRAINT availability_rules_pkey PRIMARY KEY (rule_id)
);
CREATE TRIGGER availability_rules_version AFTER INSERT OR DELETE OR UPDATE ON public.availability_rules FOR EACH ROW EXECUTE FUNCTION raise_registry_version();

CREATE TABLE calls (
  request_id uuid NOT NULL,
  schema_version smallint NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  ended_at timestamp(3) with time zone NOT NULL,
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
  batch_position integer NOT NULL,
  usage_units jsonb,
  answer_id text,
  CONSTRAINT calls_pkey PRIMARY KEY (request_id)
) PARTITION BY RANGE (request_id);
CREATE INDEX calls_account ON ONLY public.calls USING btree (account_id, request_id);
CREATE INDEX calls_answer ON ONLY public.calls USING btree (answer_id) WHERE (answer_id IS NOT NULL);
CREATE INDEX calls_client ON ONLY public.calls USING btree (client_request_id) WHERE (client_request_id IS NOT NULL);
CREATE INDEX calls_session ON ONLY public.calls USING btree (session_id, request_id) WHERE (session_id IS NOT NULL);
CREATE INDEX calls_upstream ON ONLY public.calls USING btree (upstream_request_id) WHERE (upstream_request_id IS NOT NULL);
CREATE TRIGGER calls_append_only BEFORE UPDATE ON public.calls FOR EACH ROW EXECUTE FUNCTION refuse_change();
COMMENT ON COLUMN calls.status IS 'completed | refused | failed | cut | aborted | unknown';
COMMENT ON COLUMN calls.usage_input IS 'uncached input tokens; cache buckets stand beside it; cache_write includes cache_write_1h, output includes reasoning';
COMMENT ON COLUMN calls.usage_units IS 'audio, pictures, characters: decimal text by unit; null for a call of plain text';
COMMENT ON COLUMN calls.answer_id IS 'id in the body of the answer: chatcmpl-, resp_, msg_, file-, batch_; tells whose a thing is that the provider keeps';

CREATE TABLE case_calls (
  case_id uuid NOT NULL,
  request_id uuid NOT NULL,
  linked_by text NOT NULL,
  linked_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT case_calls_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(case_id),
  CONSTRAINT case_calls_pkey PRIMARY KEY (case_id, request_id)
);
CREATE INDEX case_calls_request ON public.case_calls USING btree (request_id);

CREATE TABLE case_clock_settings (
  preset_id text NOT NULL,
  due text NOT NULL,
  amber text NOT NULL,
  red text NOT NULL,
  source text NOT NULL,
  set_by text NOT NULL,
  set_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT case_clock_settings_pkey PRIMARY KEY (preset_id)
);

CREATE TABLE case_clocks (
  clock_id uuid NOT NULL,
  case_id uuid NOT NULL,
  name text NOT NULL,
  preset text NOT NULL,
  source text NOT NULL,
  started_at timestamp(3) with time zone NOT NULL,
  amber_at timestamp(3) with time zone NOT NULL,
  red_at timestamp(3) with time zone NOT NULL,
  due_at timestamp(3) with time zone NOT NULL,
  extension text,
  extended_at timestamp(3) with time zone,
  stopped_at timestamp(3) with time zone,
  stage text NOT NULL DEFAULT 'running'::text,
  mailed_stage text NOT NULL DEFAULT 'running'::text,
  CONSTRAINT case_clocks_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(case_id),
  CONSTRAINT case_clocks_check CHECK (((amber_at <= red_at) AND (red_at <= due_at))),
  CONSTRAINT case_clocks_mailed_stage_check CHECK ((mailed_stage = ANY (ARRAY['running'::text, 'amber'::text, 'red'::text, 'overdue'::text]))),
  CONSTRAINT case_clocks_pkey PRIMARY KEY (clock_id),
  CONSTRAINT case_clocks_stage_check CHECK ((stage = ANY (ARRAY['running'::text, 'amber'::text, 'red'::text, 'overdue'::text])))
);
CREATE INDEX case_clocks_due ON public.case_clocks USING btree (due_at) WHERE (stopped_at IS NULL);
CREATE UNIQUE INDEX case_clocks_running ON public.case_clocks USING btree (case_id, name) WHERE (stopped_at IS NULL);
COMMENT ON COLUMN case_clocks.stage IS 'the last stage that went on the ledger; how far the clock is follows from the instants';

CREATE TABLE case_collections (
  collection_id uuid NOT NULL,
  case_id uuid NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  collected_by text NOT NULL,
  parameters jsonb NOT NULL,
  counts jsonb NOT NULL,
  digest text NOT NULL,
  snapshot text NOT NULL,
  CONSTRAINT case_collections_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(case_id),
  CONSTRAINT case_collections_pkey PRIMARY KEY (collection_id)
);
CREATE INDEX case_collections_case ON public.case_collections USING btree (case_id);
CREATE TRIGGER case_collections_stay BEFORE DELETE OR UPDATE ON public.case_collections FOR EACH ROW EXECUTE FUNCTION refuse_change();
COMMENT ON COLUMN case_collections.counts IS 'rows and SHA-256 of the ascending ids, one a line, by data type';
COMMENT ON COLUMN case_collections.digest IS 'SHA-256, hex, of the RFC 8785 text of {parameters, counts}';

CREATE TABLE case_files (
  file_id uuid NOT NULL,
  case_id uuid NOT NULL,
  role text NOT NULL,
  name text NOT NULL,
  media_type text NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  stored_by text NOT NULL,
  stored_at timestamp(3) with time zone NOT NULL,
  destroyed_at timestamp(3) with time zone,
  CONSTRAINT case_files_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(case_id),
  CONSTRAINT case_files_pkey PRIMARY KEY (file_id),
  CONSTRAINT case_files_role_check CHECK ((role = ANY (ARRAY['instrument'::text, 'identity'::text, 'correspondence'::text, 'evidence'::text])))
);
CREATE INDEX case_files_case ON public.case_files USING btree (case_id);

CREATE TABLE case_moves (
  move_id uuid NOT NULL,
  case_id uuid NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  move text NOT NULL,
  from_state text,
  to_state text NOT NULL,
  person text,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  fields jsonb NOT NULL,
  effects jsonb NOT NULL,
  CONSTRAINT case_moves_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(case_id),
  CONSTRAINT case_moves_pkey PRIMARY KEY (move_id)
);
CREATE INDEX case_moves_case ON public.case_moves USING btree (case_id, move_id);
CREATE TRIGGER case_moves_stay BEFORE DELETE OR UPDATE ON public.case_moves FOR EACH ROW EXECUTE FUNCTION refuse_change();
COMMENT ON COLUMN case_moves.person IS 'who counts for four eyes: the operator, or the operator who issued the token; null where no person stands behind it';

CREATE TABLE case_numbers (
  kind text NOT NULL,
  year integer NOT NULL,
  last integer NOT NULL,
  CONSTRAINT case_numbers_pkey PRIMARY KEY (kind, year)
);

CREATE TABLE case_payments (
  case_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  linked_by text NOT NULL,
  linked_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT case_payments_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(case_id),
  CONSTRAINT case_payments_pkey PRIMARY KEY (case_id, payment_id)
);

CREATE TABLE cases (
  case_id uuid NOT NULL,
  number text NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  account_id text,
  facts jsonb NOT NULL,
  received_at timestamp(3) with time zone NOT NULL,
  opened_at timestamp(3) with time zone NOT NULL,
  opened_by text NOT NULL,
  owner_id text,
  moved_at timestamp(3) with time zone NOT NULL,
  ended_at timestamp(3) with time zone,
  hold_id uuid,
  release_asked_at timestamp(3) with time zone,
  CONSTRAINT cases_kind_check CHECK ((kind = ANY (ARRAY['dispute'::text, 'lawful_request'::text, 'subject_request'::text]))),
  CONSTRAINT cases_number_key UNIQUE (number),
  CONSTRAINT cases_pkey PRIMARY KEY (case_id)
);
CREATE INDEX cases_account ON public.cases USING btree (account_id);
CREATE INDEX cases_open ON public.cases USING btree (kind) WHERE (ended_at IS NULL);
COMMENT ON COLUMN cases.facts IS 'what opening and moves said, newest word per name; the moves keep every word';
COMMENT ON COLUMN cases.owner_id IS 'operator who is reminded first; null when no operator opened it';
COMMENT ON COLUMN cases.release_asked_at IS 'when the release of the hold of an ended case was asked for';

CREATE TABLE confirmations (
  confirmation_id uuid NOT NULL,
  account_id text NOT NULL,
  destination text NOT NULL,
  basis text NOT NULL,
  covers text[] NOT NULL,
  confirmed_by text NOT NULL,
  confirmed_at text NOT NULL,
  valid_until text NOT NULL,
  withdrawn_at timestamp(3) with time zone,
  CONSTRAINT confirmations_account_id_destination_confirmed_at_key UNIQUE (account_id, destination, confirmed_at),
  CONSTRAINT confirmations_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(account_id),
  CONSTRAINT confirmations_basis_check CHECK ((basis = ANY (ARRAY['adequacy'::text, 'standard-contract'::text, 'certification'::text, 'security-assessment'::text, 'consent'::text, 'exemption'::text]))),
  CONSTRAINT confirmations_pkey PRIMARY KEY (confirmation_id)
);
CREATE TRIGGER confirmations_version AFTER INSERT OR DELETE OR UPDATE ON public.confirmations FOR EACH ROW EXECUTE FUNCTION raise_registry_version();

CREATE TABLE console_sessions (
  sid text NOT NULL,
  sess json NOT NULL,
  expire timestamp(6) with time zone NOT NULL,
  CONSTRAINT console_sessions_pkey PRIMARY KEY (sid)
);
CREATE INDEX console_sessions_expire ON public.console_sessions USING btree (expire);

CREATE TABLE content_grants (
  grant_id uuid NOT NULL,
  account_id text NOT NULL,
  kind text NOT NULL,
  key_ids uuid[],
  models text[],
  sides text[] NOT NULL,
  trigger text NOT NULL,
  sample_percent integer NOT NULL,
  keep_hours integer NOT NULL,
  reason text NOT NULL,
  authorised_by text,
  granted_by text NOT NULL,
  granted_at timestamp(3) with time zone NOT NULL,
  valid_from timestamp(3) with time zone NOT NULL,
  valid_until timestamp(3) with time zone NOT NULL,
  revoked_at timestamp(3) with time zone,
  revoked_by text,
  CONSTRAINT content_grants_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(account_id),
  CONSTRAINT content_grants_check CHECK ((valid_until > valid_from)),
  CONSTRAINT content_grants_check1 CHECK (((kind <> 'troubleshooting'::text) OR (authorised_by IS NOT NULL))),
  CONSTRAINT content_grants_check2 CHECK ((keep_hours <=
CASE kind
    WHEN 'troubleshooting'::text THEN 72
    ELSE 720
END)),
  CONSTRAINT content_grants_keep_hours_check CHECK ((keep_hours > 0)),
  CONSTRAINT content_grants_kind_check CHECK ((kind = ANY (ARRAY['troubleshooting'::text, 'security_review'::text]))),
  CONSTRAINT content_grants_pkey PRIMARY KEY (grant_id),
  CONSTRAINT content_grants_sample_percent_check CHECK (((sample_percent >= 1) AND (sample_percent <= 100))),
  CONSTRAINT content_grants_trigger_check CHECK ((trigger = ANY (ARRAY['every'::text, 'failed'::text])))
);
CREATE INDEX content_grants_account ON public.content_grants USING btree (account_id, granted_at);
CREATE TRIGGER content_grants_version AFTER INSERT OR DELETE OR UPDATE ON public.content_grants FOR EACH ROW EXECUTE FUNCTION raise_registry_version();
COMMENT ON COLUMN content_grants.key_ids IS 'null means every key of the account';
COMMENT ON COLUMN content_grants.models IS 'null means every model';

CREATE TABLE counted_answers (
  answer_id text NOT NULL,
  request_id uuid NOT NULL,
  epoch_id uuid NOT NULL,
  counted_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT counted_answers_pkey PRIMARY KEY (answer_id)
);
CREATE INDEX counted_answers_at ON public.counted_answers USING btree (counted_at);

CREATE TABLE disclosures (
  disclosure_id uuid NOT NULL,
  case_id uuid NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  authority text NOT NULL,
  country text NOT NULL,
  instrument_type text NOT NULL,
  reference text NOT NULL,
  served_on text NOT NULL,
  due_at timestamp(3) with time zone,
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
  cost text,
  CONSTRAINT disclosures_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(case_id),
  CONSTRAINT disclosures_pkey PRIMARY KEY (disclosure_id)
);
CREATE INDEX disclosures_at ON public.disclosures USING btree (at);
CREATE TRIGGER disclosures_stay BEFORE DELETE OR UPDATE ON public.disclosures FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE erasures (
  erasure_id uuid NOT NULL,
  account_id text NOT NULL,
  sessions text[],
  by_items boolean NOT NULL,
  ground text NOT NULL,
  reason text NOT NULL,
  data_types text[] NOT NULL,
  case_number text,
  state text NOT NULL,
  plan jsonb NOT NULL,
  preview jsonb NOT NULL,
  outcome jsonb,
  before timestamp(3) with time zone,
  asked_by_id text NOT NULL,
  asked_by text NOT NULL,
  asked_at timestamp(3) with time zone NOT NULL,
  approval_id uuid,
  approved_by text,
  approved_at timestamp(3) with time zone,
  started_at timestamp(3) with time zone,
  finished_at timestamp(3) with time zone,
  failure text,
  CONSTRAINT erasures_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES approvals(approval_id),
  CONSTRAINT erasures_pkey PRIMARY KEY (erasure_id),
  CONSTRAINT erasures_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'approved'::text, 'running'::text, 'erased'::text, 'cancelled'::text])))
);
CREATE INDEX erasures_account ON public.erasures USING btree (account_id);
CREATE UNIQUE INDEX erasures_open_case ON public.erasures USING btree (case_number) WHERE ((case_number IS NOT NULL) AND (state <> 'cancelled'::text));
COMMENT ON COLUMN erasures.sessions IS 'ids of sessions the request names; taken out when it is over';
COMMENT ON COLUMN erasures.before IS 'rows made from then on are not part of it; null while the account is to close';

CREATE TABLE evidence_links (
  link_id uuid NOT NULL,
  pack_id uuid NOT NULL,
  token_sha256 bytea NOT NULL,
  recipient text NOT NULL,
  made_by text NOT NULL,
  made_at timestamp(3) with time zone NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL,
  most_downloads integer NOT NULL,
  downloads integer NOT NULL DEFAULT 0,
  revoked_at timestamp(3) with time zone,
  revoked_by text,
  CONSTRAINT evidence_links_check CHECK ((expires_at > made_at)),
  CONSTRAINT evidence_links_check1 CHECK ((downloads <= most_downloads)),
  CONSTRAINT evidence_links_most_downloads_check CHECK ((most_downloads > 0)),
  CONSTRAINT evidence_links_pack_id_fkey FOREIGN KEY (pack_id) REFERENCES evidence_packs(pack_id),
  CONSTRAINT evidence_links_pkey PRIMARY KEY (link_id),
  CONSTRAINT evidence_links_token_sha256_key UNIQUE (token_sha256)
);
CREATE INDEX evidence_links_pack ON public.evidence_links USING btree (pack_id);
COMMENT ON COLUMN evidence_links.token_sha256 IS 'the token itself is shown once and kept nowhere';

CREATE TABLE evidence_pack_files (
  pack_id uuid NOT NULL,
  volume integer NOT NULL,
  sha256 text NOT NULL,
  bytes bigint NOT NULL,
  pages integer NOT NULL,
  records integer NOT NULL,
  first_item text NOT NULL,
  last_item text NOT NULL,
  ids_sha256 text NOT NULL,
  made_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT evidence_pack_files_pack_id_fkey FOREIGN KEY (pack_id) REFERENCES evidence_packs(pack_id),
  CONSTRAINT evidence_pack_files_pkey PRIMARY KEY (pack_id, volume),
  CONSTRAINT evidence_pack_files_volume_check CHECK ((volume >= 0))
);
COMMENT ON COLUMN evidence_pack_files.volume IS '0 is the pack itself, or the master of its volumes';
COMMENT ON COLUMN evidence_pack_files.ids_sha256 IS 'of the records in it; an assembly that goes on takes a volume over only when it matches';

CREATE TABLE evidence_packs (
  pack_id uuid NOT NULL,
  kind text NOT NULL,
  request_id uuid,
  account_id text,
  purpose text NOT NULL,
  reason text,
  language text NOT NULL,
  state text NOT NULL,
  requested_by text NOT NULL,
  requested_at timestamp(3) with time zone NOT NULL,
  ready_at timestamp(3) with time zone,
  sha256 text,
  bytes bigint,
  pages integer,
  failure text,
  case_number text,
  params jsonb NOT NULL DEFAULT '{"from": null, "legal": null, "until": null, "oldest": null, "run_id": null, "data_types": ["api_call_metadata", "third_party_call_records"]}'::jsonb,
  snapshot jsonb,
  redact text[] NOT NULL DEFAULT '{}'::text[],
  progress jsonb,
  cancel_asked boolean NOT NULL DEFAULT false,
  volumes integer,
  purged_at timestamp(3) with time zone,
  CONSTRAINT evidence_packs_check CHECK (((state <> 'ready'::text) OR ((ready_at IS NOT NULL) AND (sha256 IS NOT NULL) AND (bytes IS NOT NULL) AND (pages IS NOT NULL)))),
  CONSTRAINT evidence_packs_kind_check CHECK ((kind = ANY (ARRAY['dispute'::text, 'scheme_exhibit'::text, 'lawful_request'::text, 'subject_access'::text, 'audit_period'::text, 'purge_certificate'::text, 'custom'::text]))),
  CONSTRAINT evidence_packs_language_check CHECK ((language = ANY (ARRAY['en'::text, 'zh'::text, 'both'::text]))),
  CONSTRAINT evidence_packs_pkey PRIMARY KEY (pack_id),
  CONSTRAINT evidence_packs_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'assembling'::text, 'ready'::text, 'failed'::text, 'cancelled'::text, 'purged'::text])))
);
CREATE INDEX evidence_packs_case ON public.evidence_packs USING btree (case_number) WHERE (case_number IS NOT NULL);
CREATE INDEX evidence_packs_open ON public.evidence_packs USING btree (requested_at) WHERE (state = ANY (ARRAY['requested'::text, 'assembling'::text]));
CREATE INDEX evidence_packs_request ON public.evidence_packs USING btree (request_id);
COMMENT ON COLUMN evidence_packs.failure IS 'what a requested pack waits for, or why a failed one cannot be made';
COMMENT ON COLUMN evidence_packs.params IS 'the frozen query, with the request_id and account_id beside it';
COMMENT ON COLUMN evidence_packs.snapshot IS 'what the query found: log size, counts, digest of the ids';

CREATE TABLE gateway_epochs (
  epoch_id uuid NOT NULL,
  opened_at timestamp(3) with time zone NOT NULL,
  last_seen_at timestamp(3) with time zone NOT NULL,
  closed_at timestamp(3) with time zone,
  swept_at timestamp(3) with time zone,
  host text NOT NULL,
  pid integer NOT NULL,
  epoch_number bigint NOT NULL,
  last_numbers jsonb,
  number_salt bytea,
  spools boolean NOT NULL DEFAULT false,
  CONSTRAINT gateway_epochs_epoch_number_key UNIQUE (epoch_number),
  CONSTRAINT gateway_epochs_pkey PRIMARY KEY (epoch_id)
);
COMMENT ON COLUMN gateway_epochs.closed_at IS 'by the gateway itself (record epoch.close) or by the sweep after its death (record epoch.lost; last_numbers are then those seen)';
COMMENT ON COLUMN gateway_epochs.swept_at IS 'when the sweep of orphans found nothing left to settle; a heartbeat empties it';
COMMENT ON COLUMN gateway_epochs.epoch_number IS 'gap-free over all gateways, given under a table lock; it stands on the record of the opening';
COMMENT ON COLUMN gateway_epochs.last_numbers IS 'last number of each account at the close; the close record holds their root alone, so that a proof for one account shows nothing of others';
COMMENT ON COLUMN gateway_epochs.spools IS 'records of this epoch may wait in a journal beside its gateway; the sweep leaves it alone until they are here, or for a day';

CREATE TABLE holds (
  hold_id uuid NOT NULL,
  account_id text,
  data_types text[],
  matter text NOT NULL,
  requester text NOT NULL,
  basis text NOT NULL,
  review_on text NOT NULL,
  placed_by text NOT NULL,
  placed_at timestamp(3) with time zone NOT NULL,
  released_by text,
  released_at timestamp(3) with time zone,
  protects_until timestamp(3) with time zone,
  key_ids uuid[],
  request_ids uuid[],
  from_at timestamp(3) with time zone,
  until_at timestamp(3) with time zone,
  CONSTRAINT holds_check CHECK (((released_at IS NULL) = (protects_until IS NULL))),
  CONSTRAINT holds_check1 CHECK ((num_nonnulls(account_id, key_ids, request_ids, from_at, until_at) > 0)),
  CONSTRAINT holds_check2 CHECK ((from_at < until_at)),
  CONSTRAINT holds_pkey PRIMARY KEY (hold_id)
);
CREATE INDEX holds_in_force ON public.holds USING btree (account_id) WHERE (released_at IS NULL);
COMMENT ON COLUMN holds.data_types IS 'null means every data type';
COMMENT ON COLUMN holds.protects_until IS 'a released hold still protects until then';
COMMENT ON COLUMN holds.until_at IS 'excluded; null means without end';

CREATE TABLE installation (
  singleton boolean NOT NULL DEFAULT true,
  installation_id uuid NOT NULL DEFAULT gen_random_uuid(),
  CONSTRAINT installation_pkey PRIMARY KEY (singleton),
  CONSTRAINT installation_singleton_check CHECK (singleton)
);

CREATE TABLE invoice_numbers (
  series text NOT NULL,
  year integer NOT NULL,
  last integer NOT NULL,
  CONSTRAINT invoice_numbers_pkey PRIMARY KEY (series, year)
);

CREATE TABLE invoice_pages (
  invoice_id uuid NOT NULL,
  account_id text NOT NULL,
  fiscal_year_end text NOT NULL,
  issued_at timestamp(3) with time zone NOT NULL,
  sha256 text NOT NULL,
  pages integer NOT NULL,
  printed_at timestamp(3) with time zone NOT NULL,
  pdf bytea NOT NULL,
  CONSTRAINT invoice_pages_pkey PRIMARY KEY (invoice_id)
);
CREATE INDEX invoice_pages_fiscal ON public.invoice_pages USING btree (fiscal_year_end);
CREATE TRIGGER invoice_pages_append_only BEFORE UPDATE ON public.invoice_pages FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE invoices (
  invoice_id uuid NOT NULL,
  kind text NOT NULL,
  number text NOT NULL,
  series text NOT NULL,
  year integer NOT NULL,
  sequence integer NOT NULL,
  account_id text NOT NULL,
  currency text NOT NULL,
  period text NOT NULL,
  total_micros bigint NOT NULL,
  payable_micros bigint NOT NULL,
  calls bigint NOT NULL,
  covers_from timestamp(3) with time zone,
  covers_to timestamp(3) with time zone,
  tree_size bigint,
  refers_to uuid,
  refers_number text,
  approval_id uuid,
  reason text,
  fiscal_year_end text NOT NULL,
  issued_at timestamp(3) with time zone NOT NULL,
  issued_by text NOT NULL,
  document jsonb NOT NULL,
  document_sha256 text NOT NULL,
  CONSTRAINT invoices_check CHECK (((kind = 'invoice'::text) = (refers_to IS NULL))),
  CONSTRAINT invoices_check1 CHECK (((kind = 'credit_note'::text) OR (num_nonnulls(covers_from, covers_to, tree_size) = 3))),
  CONSTRAINT invoices_check2 CHECK (((kind = 'invoice'::text) OR (num_nonnulls(approval_id, reason, refers_number) = 3))),
  CONSTRAINT invoices_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  CONSTRAINT invoices_kind_check CHECK ((kind = ANY (ARRAY['invoice'::text, 'credit_note'::text]))),
  CONSTRAINT invoices_number_key UNIQUE (number),
  CONSTRAINT invoices_period_check CHECK ((period ~ '^[0-9]{4}-[0-9]{2}$'::text)),
  CONSTRAINT invoices_pkey PRIMARY KEY (invoice_id),
  CONSTRAINT invoices_sequence_check CHECK ((sequence > 0)),
  CONSTRAINT invoices_series_year_sequence_key UNIQUE (series, year, sequence)
);
CREATE INDEX invoices_account ON public.invoices USING btree (account_id, invoice_id);
CREATE INDEX invoices_credits ON public.invoices USING btree (refers_to) WHERE (refers_to IS NOT NULL);
CREATE INDEX invoices_fiscal ON public.invoices USING btree (fiscal_year_end);
CREATE UNIQUE INDEX invoices_month ON public.invoices USING btree (account_id, currency, period) WHERE (kind = 'invoice'::text);
CREATE TRIGGER invoices_append_only BEFORE UPDATE ON public.invoices FOR EACH ROW EXECUTE FUNCTION refuse_change();
COMMENT ON COLUMN invoices.tree_size IS 'size of the log at issue: calls below it are on this invoice or an earlier one, calls above it on a later one';
COMMENT ON COLUMN invoices.document IS 'everything the pages say; document_sha256 is of its RFC 8785 text and stands on the ledger';

CREATE TABLE ledger_anchors (
  anchor_id uuid NOT NULL,
  tree_size bigint NOT NULL,
  note_sha256 bytea NOT NULL,
  signed_note text NOT NULL,
  authority text NOT NULL,
  attested_at timestamp(3) with time zone NOT NULL,
  token bytea NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  CONSTRAINT ledger_anchors_note_sha256_check CHECK ((octet_length(note_sha256) = 32)),
  CONSTRAINT ledger_anchors_pkey PRIMARY KEY (anchor_id)
);
CREATE INDEX ledger_anchors_size ON public.ledger_anchors USING btree (tree_size);
CREATE TRIGGER ledger_anchors_stay BEFORE DELETE OR UPDATE ON public.ledger_anchors FOR EACH ROW EXECUTE FUNCTION refuse_change(); -- enabled always

CREATE TABLE ledger_batches (
  batch_id uuid NOT NULL,
  writer text NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  record_count integer NOT NULL,
  commitments bytea NOT NULL,
  first_leaf bigint,
  sealed_at timestamp(3) with time zone,
  CONSTRAINT ledger_batches_check CHECK ((octet_length(commitments) = (32 * record_count))),
  CONSTRAINT ledger_batches_first_leaf_key UNIQUE (first_leaf),
  CONSTRAINT ledger_batches_pkey PRIMARY KEY (batch_id),
  CONSTRAINT ledger_batches_record_count_check CHECK ((record_count > 0))
);
CREATE INDEX ledger_batches_unsealed ON public.ledger_batches USING btree (at) WHERE (first_leaf IS NULL);
CREATE TRIGGER ledger_batches_seal_once BEFORE UPDATE ON public.ledger_batches FOR EACH ROW EXECUTE FUNCTION refuse_reseal(); -- enabled always
CREATE TRIGGER ledger_batches_stay BEFORE DELETE ON public.ledger_batches FOR EACH ROW EXECUTE FUNCTION refuse_change(); -- enabled always

CREATE TABLE ledger_checkpoints (
  tree_size bigint NOT NULL,
  root bytea NOT NULL,
  signed_note text NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  CONSTRAINT ledger_checkpoints_pkey PRIMARY KEY (tree_size),
  CONSTRAINT ledger_checkpoints_root_check CHECK ((octet_length(root) = 32))
);
CREATE TRIGGER ledger_checkpoints_stay BEFORE DELETE OR UPDATE ON public.ledger_checkpoints FOR EACH ROW EXECUTE FUNCTION keep_checkpoint(); -- enabled always

CREATE TABLE ledger_keys (
  key_number integer NOT NULL,
  verifier_key text NOT NULL,
  from_size bigint NOT NULL,
  handover text NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  CONSTRAINT ledger_keys_from_size_check CHECK ((from_size >= 0)),
  CONSTRAINT ledger_keys_key_number_check CHECK ((key_number > 1)),
  CONSTRAINT ledger_keys_pkey PRIMARY KEY (key_number),
  CONSTRAINT ledger_keys_verifier_key_key UNIQUE (verifier_key)
);
CREATE TRIGGER ledger_keys_stay BEFORE DELETE OR UPDATE ON public.ledger_keys FOR EACH ROW EXECUTE FUNCTION refuse_change(); -- enabled always

CREATE TABLE ledger_tiles (
  level smallint NOT NULL,
  tile_index bigint NOT NULL,
  width smallint NOT NULL,
  hashes bytea NOT NULL,
  CONSTRAINT ledger_tiles_check CHECK ((octet_length(hashes) = (32 * width))),
  CONSTRAINT ledger_tiles_pkey PRIMARY KEY (level, tile_index),
  CONSTRAINT ledger_tiles_width_check CHECK (((width >= 1) AND (width <= 256)))
);
CREATE TRIGGER ledger_tiles_grow BEFORE UPDATE ON public.ledger_tiles FOR EACH ROW EXECUTE FUNCTION refuse_shrink(); -- enabled always
CREATE TRIGGER ledger_tiles_stay BEFORE DELETE ON public.ledger_tiles FOR EACH ROW EXECUTE FUNCTION refuse_change(); -- enabled always

CREATE TABLE limit_notices (
  subject_kind text NOT NULL,
  subject_id text NOT NULL,
  of text NOT NULL,
  period_start text NOT NULL,
  threshold integer NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  CONSTRAINT limit_notices_of_check CHECK ((of = ANY (ARRAY['budget'::text, 'quota'::text]))),
  CONSTRAINT limit_notices_pkey PRIMARY KEY (subject_kind, subject_id, of, period_start, threshold)
);

CREATE TABLE model_routes (
  model_id text NOT NULL,
  position integer NOT NULL,
  provider_id text NOT NULL,
  upstream_model text,
  CONSTRAINT model_routes_model_id_fkey FOREIGN KEY (model_id) REFERENCES models(model_id),
  CONSTRAINT model_routes_pkey PRIMARY KEY (model_id, "position"),
  CONSTRAINT model_routes_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(provider_id)
);
CREATE TRIGGER model_routes_version AFTER INSERT OR DELETE OR UPDATE ON public.model_routes FOR EACH ROW EXECUTE FUNCTION raise_registry_version();

CREATE TABLE models (
  model_id text NOT NULL,
  CONSTRAINT models_pkey PRIMARY KEY (model_id)
);
CREATE TRIGGER models_version AFTER INSERT OR DELETE OR UPDATE ON public.models FOR EACH ROW EXECUTE FUNCTION raise_registry_version();

CREATE TABLE operator_profile (
  singleton boolean NOT NULL DEFAULT true,
  name text NOT NULL,
  jurisdiction text NOT NULL,
  contact text NOT NULL,
  unpriced_calls text NOT NULL DEFAULT 'refuse'::text,
  CONSTRAINT operator_profile_pkey PRIMARY KEY (singleton),
  CONSTRAINT operator_profile_singleton_check CHECK (singleton),
  CONSTRAINT operator_profile_unpriced_calls_check CHECK ((unpriced_calls = ANY (ARRAY['refuse'::text, 'allow'::text])))
);
CREATE TRIGGER operator_profile_version AFTER INSERT OR DELETE OR UPDATE ON public.operator_profile FOR EACH ROW EXECUTE FUNCTION raise_registry_version();
COMMENT ON COLUMN operator_profile.unpriced_calls IS 'what becomes of a call that no price in force covers';

CREATE TABLE operators (
  operator_id uuid NOT NULL,
  email text NOT NULL,
  name text NOT NULL,
  password_hash text NOT NULL,
  roles text[] NOT NULL,
  status text NOT NULL DEFAULT 'active'::text,
  failed_logins integer NOT NULL DEFAULT 0,
  locked_until timestamp(3) with time zone,
  created_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT operators_email_check CHECK ((email = lower(email))),
  CONSTRAINT operators_email_key UNIQUE (email),
  CONSTRAINT operators_pkey PRIMARY KEY (operator_id),
  CONSTRAINT operators_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
);

CREATE TABLE partition_counts (
  relid oid NOT NULL,
  name text NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  counts text,
  CONSTRAINT partition_counts_pkey PRIMARY KEY (relid)
);
COMMENT ON COLUMN partition_counts.version IS 'raised by every transaction that writes into the partition';
COMMENT ON COLUMN partition_counts.counts IS 'lines of account and number; null: not counted since the last write';

CREATE TABLE payments (
  payment_id uuid NOT NULL,
  account_id text NOT NULL,
  amount_micros bigint NOT NULL,
  currency text NOT NULL,
  paid_at timestamp(3) with time zone NOT NULL,
  fiscal_year_end text NOT NULL,
  reference text NOT NULL,
  processor text,
  processor_payment_id text,
  method text,
  card_brand text,
  card_last4 text,
  card_fingerprint_sha256 text,
  descriptor text,
  login_id text,
  ip_address text,
  device_sha256 text,
  shipping_sha256 text,
  status text NOT NULL DEFAULT 'paid'::text,
  refunded_micros bigint NOT NULL DEFAULT 0,
  disputed_at timestamp(3) with time zone,
  status_at timestamp(3) with time zone,
  CONSTRAINT payments_account_id_reference_key UNIQUE (account_id, reference),
  CONSTRAINT payments_card_last4_check CHECK ((card_last4 ~ '^[0-9]{4}$'::text)),
  CONSTRAINT payments_check CHECK ((num_nonnulls(processor, processor_payment_id) = ANY (ARRAY[0, 2]))),
  CONSTRAINT payments_check1 CHECK (((refunded_micros >= 0) AND (refunded_micros <= amount_micros))),
  CONSTRAINT payments_check2 CHECK (((status <> ALL (ARRAY['disputed'::text, 'won'::text, 'lost'::text])) OR (disputed_at IS NOT NULL))),
  CONSTRAINT payments_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  CONSTRAINT payments_pkey PRIMARY KEY (payment_id),
  CONSTRAINT payments_status_check CHECK ((status = ANY (ARRAY['paid'::text, 'refunded'::text, 'disputed'::text, 'won'::text, 'lost'::text])))
);
CREATE INDEX payments_fiscal ON public.payments USING btree (fiscal_year_end);
CREATE UNIQUE INDEX payments_of_processor ON public.payments USING btree (processor, processor_payment_id) WHERE (processor IS NOT NULL);
COMMENT ON COLUMN payments.card_fingerprint_sha256 IS 'SHA-256, hex, of what the processor names the card by; never of the card number';
COMMENT ON COLUMN payments.status IS 'changes through act alone; the audit records hold every version';
COMMENT ON COLUMN payments.disputed_at IS 'when it was first disputed; never taken back, whatever became of it';

CREATE TABLE prices (
  price_id uuid NOT NULL,
  model text NOT NULL,
  provider_id text NOT NULL,
  currency text NOT NULL,
  effective_from text NOT NULL,
  input_micros bigint NOT NULL,
  cache_read_micros bigint NOT NULL,
  cache_write_micros bigint NOT NULL,
  cache_write_1h_micros bigint,
  output_micros bigint NOT NULL,
  version integer NOT NULL DEFAULT 1,
  unit_micros jsonb,
  long_context jsonb,
  source text,
  CONSTRAINT prices_cache_read_micros_check CHECK ((cache_read_micros >= 0)),
  CONSTRAINT prices_cache_write_1h_micros_check CHECK ((cache_write_1h_micros >= 0)),
  CONSTRAINT prices_cache_write_micros_check CHECK ((cache_write_micros >= 0)),
  CONSTRAINT prices_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  CONSTRAINT prices_input_micros_check CHECK ((input_micros >= 0)),
  CONSTRAINT prices_one_of_a_version UNIQUE (model, provider_id, effective_from, version),
  CONSTRAINT prices_output_micros_check CHECK ((output_micros >= 0)),
  CONSTRAINT prices_pkey PRIMARY KEY (price_id),
  CONSTRAINT prices_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(provider_id),
  CONSTRAINT prices_version_check CHECK ((version >= 1))
);
CREATE TRIGGER prices_append_only BEFORE UPDATE ON public.prices FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER prices_version AFTER INSERT OR DELETE OR UPDATE ON public.prices FOR EACH ROW EXECUTE FUNCTION raise_registry_version();
COMMENT ON COLUMN prices.input_micros IS 'micro-units of the currency per million tokens';
COMMENT ON COLUMN prices.unit_micros IS 'micro-units of the currency per million of a unit, decimal text by unit';
COMMENT ON COLUMN prices.long_context IS 'other amounts for a call whose whole input is above so many tokens, decimal texts; null: none';
COMMENT ON COLUMN prices.source IS 'where the amounts come from, with its version; null: set by hand';

CREATE TABLE provider_terms (
  provider_id text NOT NULL,
  version text NOT NULL,
  effective_from text NOT NULL,
  url text NOT NULL,
  trains_on_inputs boolean NOT NULL,
  retention_days integer NOT NULL,
  CONSTRAINT provider_terms_pkey PRIMARY KEY (provider_id, version),
  CONSTRAINT provider_terms_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(provider_id)
);
CREATE TRIGGER provider_terms_version AFTER INSERT OR DELETE OR UPDATE ON public.provider_terms FOR EACH ROW EXECUTE FUNCTION raise_registry_version();

CREATE TABLE provider_usage_imports (
  import_id uuid NOT NULL,
  provider_id text NOT NULL,
  name text NOT NULL,
  sha256 text NOT NULL,
  rows integer NOT NULL,
  by_request boolean NOT NULL,
  from_day text NOT NULL,
  to_day text NOT NULL,
  imported_by text NOT NULL,
  imported_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT provider_usage_imports_pkey PRIMARY KEY (import_id),
  CONSTRAINT provider_usage_imports_provider_id_sha256_key UNIQUE (provider_id, sha256)
);
COMMENT ON COLUMN provider_usage_imports.by_request IS 'every row names a request of the provider; else rows are sums of a day and model';

CREATE TABLE provider_usage_rows (
  import_id uuid NOT NULL,
  position integer NOT NULL,
  upstream_request_id text,
  day text NOT NULL,
  model text NOT NULL,
  input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  amount_micros bigint,
  currency text,
  CONSTRAINT provider_usage_rows_import_id_fkey FOREIGN KEY (import_id) REFERENCES provider_usage_imports(import_id),
  CONSTRAINT provider_usage_rows_pkey PRIMARY KEY (import_id, "position")
);

CREATE TABLE providers (
  provider_id text NOT NULL,
  name text NOT NULL,
  category text NOT NULL,
  legal_entity text NOT NULL,
  jurisdictions text[] NOT NULL,
  protocol text,
  base_url text,
  credential_sealed bytea,
  credential_source text,
  dpa_signed_on text,
  dpa_reference text,
  stand_in boolean NOT NULL DEFAULT false,
  status text NOT NULL DEFAULT 'active'::text,
  created_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT providers_category_check CHECK ((category = ANY (ARRAY['model'::text, 'cloud'::text, 'network'::text, 'security'::text, 'payment'::text, 'email'::text]))),
  CONSTRAINT providers_check CHECK (((category = 'model'::text) = ((protocol IS NOT NULL) AND (base_url IS NOT NULL)))),
  CONSTRAINT providers_jurisdictions_check CHECK ((cardinality(jurisdictions) > 0)),
  CONSTRAINT providers_pkey PRIMARY KEY (provider_id),
  CONSTRAINT providers_protocol_check CHECK ((protocol = ANY (ARRAY['openai'::text, 'anthropic'::text]))),
  CONSTRAINT providers_provider_id_check CHECK ((provider_id ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text)),
  CONSTRAINT providers_status_check CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text])))
);
CREATE TRIGGER providers_version AFTER INSERT OR DELETE OR UPDATE ON public.providers FOR EACH ROW EXECUTE FUNCTION raise_registry_version();

CREATE TABLE purge_alerts (
  kind text NOT NULL,
  data_type text NOT NULL,
  detail text NOT NULL,
  since timestamp(3) with time zone NOT NULL,
  mailed_at timestamp(3) with time zone,
  CONSTRAINT purge_alerts_kind_check CHECK ((kind = ANY (ARRAY['failed'::text, 'stuck'::text, 'overdue'::text, 'held_overdue'::text]))),
  CONSTRAINT purge_alerts_pkey PRIMARY KEY (kind, data_type)
);

CREATE TABLE purge_certificates (
  certificate_id uuid NOT NULL,
  run_id uuid NOT NULL,
  body jsonb NOT NULL,
  body_digest bytea NOT NULL,
  signature bytea NOT NULL,
  public_key bytea NOT NULL,
  issued_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT purge_certificates_pkey PRIMARY KEY (certificate_id),
  CONSTRAINT purge_certificates_run_id_fkey FOREIGN KEY (run_id) REFERENCES purge_runs(run_id),
  CONSTRAINT purge_certificates_run_id_key UNIQUE (run_id)
);
CREATE TRIGGER purge_certificates_stay BEFORE DELETE OR UPDATE ON public.purge_certificates FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE purge_item_leaves (
  run_id uuid NOT NULL,
  position integer NOT NULL,
  part integer NOT NULL,
  leaves bytea NOT NULL,
  CONSTRAINT purge_item_leaves_pkey PRIMARY KEY (run_id, "position", part),
  CONSTRAINT purge_item_leaves_run_id_position_fkey FOREIGN KEY (run_id, "position") REFERENCES purge_run_items(run_id, "position")
);

CREATE TABLE purge_item_rows (
  run_id uuid NOT NULL,
  position integer NOT NULL,
  part integer NOT NULL,
  ids text[] NOT NULL,
  CONSTRAINT purge_item_rows_pkey PRIMARY KEY (run_id, "position", part),
  CONSTRAINT purge_item_rows_run_id_position_fkey FOREIGN KEY (run_id, "position") REFERENCES purge_run_items(run_id, "position")
);

CREATE TABLE purge_run_items (
  run_id uuid NOT NULL,
  position integer NOT NULL,
  table_name text NOT NULL,
  partition_name text,
  method text NOT NULL,
  state text NOT NULL,
  rows_total bigint NOT NULL,
  rows_deleted bigint NOT NULL DEFAULT 0,
  rows_held bigint NOT NULL DEFAULT 0,
  min_at timestamp(3) with time zone,
  max_at timestamp(3) with time zone,
  bytes_freed bigint NOT NULL DEFAULT 0,
  holds_checked_at timestamp(3) with time zone,
  purged_leaves bytea,
  done_at timestamp(3) with time zone,
  rows_due bigint NOT NULL DEFAULT 0,
  credentials_removed text[] NOT NULL DEFAULT '{}'::text[],
  CONSTRAINT purge_run_items_method_check CHECK ((method = ANY (ARRAY['drop_partition'::text, 'replace_partition'::text, 'delete_rows'::text, 'erase_fields'::text]))),
  CONSTRAINT purge_run_items_pkey PRIMARY KEY (run_id, "position"),
  CONSTRAINT purge_run_items_run_id_fkey FOREIGN KEY (run_id) REFERENCES purge_runs(run_id),
  CONSTRAINT purge_run_items_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'detached'::text, 'done'::text])))
);
COMMENT ON COLUMN purge_run_items.state IS 'detached: the old partition is out of the table but not destroyed; it bears its name with _gone';
COMMENT ON COLUMN purge_run_items.purged_leaves IS 'gzip of the ascending leaf indexes of the removed records, each as LEB128 of the difference to the one before';
COMMENT ON COLUMN purge_run_items.credentials_removed IS 'ids of the API keys an item deleted';

CREATE TABLE purge_runs (
  run_id uuid NOT NULL,
  data_type text NOT NULL,
  state text NOT NULL,
  trigger text NOT NULL,
  policies jsonb NOT NULL,
  cut_off timestamp(3) with time zone NOT NULL,
  checkpoint_before bigint,
  rows_deleted bigint NOT NULL DEFAULT 0,
  rows_held bigint NOT NULL DEFAULT 0,
  survivors bigint,
  failure text,
  planned_at timestamp(3) with time zone NOT NULL,
  started_at timestamp(3) with time zone,
  finished_at timestamp(3) with time zone,
  needs_approval boolean NOT NULL DEFAULT false,
  approval_id uuid,
  failures integer NOT NULL DEFAULT 0,
  retry_at timestamp(3) with time zone,
  erasure_id uuid,
  CONSTRAINT purge_runs_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES approvals(approval_id),
  CONSTRAINT purge_runs_erasure_id_fkey FOREIGN KEY (erasure_id) REFERENCES erasures(erasure_id),
  CONSTRAINT purge_runs_pkey PRIMARY KEY (run_id),
  CONSTRAINT purge_runs_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'approved'::text, 'running'::text, 'verifying'::text, 'certified'::text, 'nothing_due'::text, 'failed'::text, 'paused'::text, 'cancelled'::text])))
);
CREATE INDEX purge_runs_erasure ON public.purge_runs USING btree (erasure_id) WHERE (erasure_id IS NOT NULL);
CREATE UNIQUE INDEX purge_runs_open ON public.purge_runs USING btree (data_type) WHERE (state = ANY (ARRAY['planned'::text, 'approved'::text, 'running'::text, 'verifying'::text, 'failed'::text, 'paused'::text]));
COMMENT ON COLUMN purge_runs.retry_at IS 'when a run that stopped goes on by itself; null for a failed one means that somebody has to look';

CREATE TABLE purge_schedule (
  singleton boolean NOT NULL DEFAULT true,
  cron text NOT NULL,
  time_zone text NOT NULL,
  paused boolean NOT NULL DEFAULT false,
  CONSTRAINT purge_schedule_pkey PRIMARY KEY (singleton),
  CONSTRAINT purge_schedule_singleton_check CHECK (singleton)
);

CREATE TABLE redaction_rules (
  rule_id uuid NOT NULL,
  position integer NOT NULL,
  conditions jsonb NOT NULL,
  outcome text NOT NULL,
  kinds text[] NOT NULL,
  CONSTRAINT redaction_rules_kinds_check CHECK ((kinds <> '{}'::text[])),
  CONSTRAINT redaction_rules_outcome_check CHECK ((outcome = ANY (ARRAY['off'::text, 'flag'::text, 'mask'::text, 'refuse'::text]))),
  CONSTRAINT redaction_rules_pkey PRIMARY KEY (rule_id)
);
CREATE TRIGGER redaction_rules_version AFTER INSERT OR DELETE OR UPDATE ON public.redaction_rules FOR EACH ROW EXECUTE FUNCTION raise_registry_version();

CREATE TABLE registry_versions (
  singleton boolean NOT NULL DEFAULT true,
  version bigint NOT NULL,
  CONSTRAINT registry_versions_pkey PRIMARY KEY (singleton),
  CONSTRAINT registry_versions_singleton_check CHECK (singleton)
);

CREATE TABLE removal_journal (
  number bigint NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,
  sha256 bytea NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  entry text,
  CONSTRAINT removal_journal_number_check CHECK ((number > 0)),
  CONSTRAINT removal_journal_pkey PRIMARY KEY (number),
  CONSTRAINT removal_journal_sha256_check CHECK ((octet_length(sha256) = 32))
);
CREATE INDEX removal_journal_unwritten ON public.removal_journal USING btree (number) WHERE (entry IS NOT NULL);
COMMENT ON COLUMN removal_journal.entry IS 'the text of the file until it is written';

CREATE TABLE restricted_items (
  data_type text NOT NULL,
  item_id uuid NOT NULL,
  erasure_id uuid NOT NULL,
  account_id text NOT NULL,
  goes_at timestamp(3) with time zone,
  CONSTRAINT restricted_items_erasure_id_fkey FOREIGN KEY (erasure_id) REFERENCES erasures(erasure_id),
  CONSTRAINT restricted_items_pkey PRIMARY KEY (data_type, item_id, erasure_id)
);

CREATE TABLE restrictions (
  erasure_id uuid NOT NULL,
  data_type text NOT NULL,
  account_id text NOT NULL,
  by_items boolean NOT NULL,
  before timestamp(3) with time zone,
  rows bigint NOT NULL,
  why jsonb NOT NULL,
  since timestamp(3) with time zone NOT NULL,
  goes_at timestamp(3) with time zone,
  lifted_at timestamp(3) with time zone,
  CONSTRAINT restrictions_erasure_id_fkey FOREIGN KEY (erasure_id) REFERENCES erasures(erasure_id),
  CONSTRAINT restrictions_pkey PRIMARY KEY (erasure_id, data_type)
);
CREATE INDEX restrictions_account ON public.restrictions USING btree (account_id) WHERE (lifted_at IS NULL);
COMMENT ON COLUMN restrictions.goes_at IS 'when the last of it may go by law; null while only a hold or the approval is waited for';

CREATE TABLE retention_disputes (
  account_id text NOT NULL,
  reference text NOT NULL,
  opened_at timestamp(3) with time zone NOT NULL,
  closed_at timestamp(3) with time zone,
  CONSTRAINT retention_disputes_pkey PRIMARY KEY (account_id, reference)
);

CREATE TABLE retention_policies (
  policy_id uuid NOT NULL,
  data_type text NOT NULL,
  account_id text,
  jurisdiction text,
  version integer NOT NULL,
  keep text NOT NULL,
  starts_at text NOT NULL,
  purpose text NOT NULL,
  source text,
  status text NOT NULL,
  published_by text NOT NULL,
  effective_from timestamp(3) with time zone NOT NULL,
  superseded_at timestamp(3) with time zone,
  item_ids uuid[],
  scope text NOT NULL,
  legal_basis text,
  locked boolean NOT NULL DEFAULT false,
  shortens boolean NOT NULL DEFAULT false,
  approval_id uuid,
  published_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT retention_policies_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES approvals(approval_id),
  CONSTRAINT retention_policies_check CHECK (((account_id IS NULL) OR (jurisdiction IS NULL))),
  CONSTRAINT retention_policies_check1 CHECK ((num_nonnulls(account_id, jurisdiction, item_ids) <= 1)),
  CONSTRAINT retention_policies_pkey PRIMARY KEY (policy_id),
  CONSTRAINT retention_policies_starts_at_check CHECK ((starts_at = ANY (ARRAY['created'::text, 'account-closed'::text, 'dispute-closed'::text, 'fiscal-year-end'::text]))),
  CONSTRAINT retention_policies_status_check CHECK ((status = ANY (ARRAY['scheduled'::text, 'in_force'::text, 'superseded'::text, 'withdrawn'::text])))
);
CREATE UNIQUE INDEX retention_policies_version ON public.retention_policies USING btree (data_type, scope, version);
COMMENT ON COLUMN retention_policies.status IS 'for people; what governs at an instant is the highest version of the scope that is effective by then and not withdrawn';
COMMENT ON COLUMN retention_policies.locked IS 'one-way: from here on this scope may only be lengthened';

CREATE TABLE schema_migrations (
  id integer NOT NULL DEFAULT nextval('schema_migrations_id_seq'::regclass),
  timestamp bigint NOT NULL,
  name character varying NOT NULL,
  CONSTRAINT PK_62441bec32630ced9e4cccae336 PRIMARY KEY (id)
);

CREATE TABLE sealer_lease (
  lease text NOT NULL,
  holder text NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT sealer_lease_pkey PRIMARY KEY (lease)
);

CREATE TABLE security_events (
  event_id uuid NOT NULL,
  schema_version smallint NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  kind text NOT NULL,
  severity text NOT NULL,
  account_id text,
  key_id uuid,
  operator_id uuid,
  address text,
  detail jsonb,
  salt bytea NOT NULL,
  batch_id uuid NOT NULL,
  batch_position integer NOT NULL,
  CONSTRAINT security_events_pkey PRIMARY KEY (event_id)
) PARTITION BY RANGE (event_id);
CREATE INDEX security_events_account ON ONLY public.security_events USING btree (account_id, event_id);
CREATE TRIGGER security_events_append_only BEFORE UPDATE ON public.security_events FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE transfer_outcomes (
  transfer_id uuid NOT NULL,
  schema_version smallint NOT NULL,
  request_id uuid NOT NULL,
  account_id text NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  outcome text NOT NULL,
  http_status integer,
  upstream_request_id text,
  response_bytes bigint NOT NULL,
  first_byte_ms integer,
  duration_ms integer NOT NULL,
  salt bytea NOT NULL,
  batch_id uuid NOT NULL,
  batch_position integer NOT NULL,
  CONSTRAINT transfer_outcomes_pkey PRIMARY KEY (transfer_id)
) PARTITION BY RANGE (transfer_id);
CREATE TRIGGER transfer_outcomes_append_only BEFORE UPDATE ON public.transfer_outcomes FOR EACH ROW EXECUTE FUNCTION refuse_change();
COMMENT ON COLUMN transfer_outcomes.outcome IS 'answered | rejected | cut | aborted | unreachable | timeout | not_sent | unknown';

CREATE TABLE transfers (
  transfer_id uuid NOT NULL,
  schema_version smallint NOT NULL,
  request_id uuid NOT NULL,
  at timestamp(3) with time zone NOT NULL,
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
  batch_position integer NOT NULL,
  CONSTRAINT transfers_pkey PRIMARY KEY (transfer_id)
) PARTITION BY RANGE (transfer_id);
CREATE INDEX transfers_account ON ONLY public.transfers USING btree (account_id, transfer_id);
CREATE INDEX transfers_request ON ONLY public.transfers USING btree (request_id);
CREATE TRIGGER transfers_append_only BEFORE UPDATE ON public.transfers FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE usage_limits (
  subject_kind text NOT NULL,
  subject_id text NOT NULL,
  budget_micros bigint,
  budget_period text,
  budget_currency text,
  quota_tokens bigint,
  quota_period text,
  requests_per_minute integer,
  tokens_per_minute bigint,
  concurrent_calls integer,
  CONSTRAINT usage_limits_budget_currency_check CHECK ((budget_currency ~ '^[A-Z]{3}$'::text)),
  CONSTRAINT usage_limits_budget_micros_check CHECK ((budget_micros > 0)),
  CONSTRAINT usage_limits_budget_period_check CHECK ((budget_period = ANY (ARRAY['day'::text, 'month'::text]))),
  CONSTRAINT usage_limits_check CHECK ((num_nonnulls(budget_micros, budget_period, budget_currency) = ANY (ARRAY[0, 3]))),
  CONSTRAINT usage_limits_check1 CHECK ((num_nonnulls(quota_tokens, quota_period) = ANY (ARRAY[0, 2]))),
  CONSTRAINT usage_limits_check2 CHECK (((subject_kind = 'key'::text) OR (num_nonnulls(requests_per_minute, tokens_per_minute) = 0))),
  CONSTRAINT usage_limits_concurrent_calls_check CHECK ((concurrent_calls > 0)),
  CONSTRAINT usage_limits_pkey PRIMARY KEY (subject_kind, subject_id),
  CONSTRAINT usage_limits_quota_period_check CHECK ((quota_period = ANY (ARRAY['day'::text, 'month'::text]))),
  CONSTRAINT usage_limits_quota_tokens_check CHECK ((quota_tokens > 0)),
  CONSTRAINT usage_limits_requests_per_minute_check CHECK ((requests_per_minute > 0)),
  CONSTRAINT usage_limits_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['account'::text, 'key'::text]))),
  CONSTRAINT usage_limits_tokens_per_minute_check CHECK ((tokens_per_minute > 0))
);
CREATE TRIGGER usage_limits_version AFTER INSERT OR DELETE OR UPDATE ON public.usage_limits FOR EACH ROW EXECUTE FUNCTION raise_registry_version();

CREATE OR REPLACE FUNCTION public.keep_checkpoint()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE hour timestamptz := date_trunc('hour', OLD.at, 'UTC');
BEGIN
  IF TG_OP = 'DELETE' AND hour < now() - interval '7 days' - interval '1 hour'
    AND (SELECT date_trunc('hour', c.at, 'UTC') = hour FROM ledger_checkpoints c WHERE c.tree_size < OLD.tree_size ORDER BY c.tree_size DESC LIMIT 1)
    AND (SELECT date_trunc('hour', c.at, 'UTC') = hour FROM ledger_checkpoints c WHERE c.tree_size > OLD.tree_size ORDER BY c.tree_size LIMIT 1)
    AND NOT EXISTS (SELECT 1 FROM named_tree_sizes n WHERE n.tree_size = OLD.tree_size)
  THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $function$;

CREATE OR REPLACE FUNCTION public.note_partition_write()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF current_setting('holdfast.partition_written', true) IS DISTINCT FROM TG_RELID::text THEN
    UPDATE partition_counts SET version = version + 1, counts = NULL WHERE relid = TG_RELID;
    PERFORM set_config('holdfast.partition_written', TG_RELID::text, true);
  END IF;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.raise_registry_version()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF current_setting('holdfast.raised_in', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
    PERFORM set_config('holdfast.raised_in', pg_current_xact_id()::text, true);
    UPDATE registry_versions SET version = version + 1;
    PERFORM pg_notify('holdfast_registry', '');
  END IF;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $function$;

CREATE OR REPLACE FUNCTION public.refuse_reseal()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF OLD.first_leaf IS NOT NULL OR NEW.batch_id <> OLD.batch_id OR NEW.commitments <> OLD.commitments OR NEW.record_count <> OLD.record_count THEN
    RAISE EXCEPTION 'a sealed batch does not change' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION public.refuse_shrink()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF NEW.level <> OLD.level OR NEW.tile_index <> OLD.tile_index OR NEW.width <= OLD.width OR substring(NEW.hashes FROM 1 FOR octet_length(OLD.hashes)) <> OLD.hashes THEN
    RAISE EXCEPTION 'a tile only grows' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $function$;
