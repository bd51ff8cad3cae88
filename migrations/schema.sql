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
CREATE TRIGGER accounts_version AFTER INSERT OR DELETE OR UPDATE ON public.accounts FOR EACH STATEMENT EXECUTE FUNCTION raise_registry_version();
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
CREATE TRIGGER api_keys_version AFTER INSERT OR DELETE OR UPDATE ON public.api_keys FOR EACH STATEMENT EXECUTE FUNCTION raise_registry_version();

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
CREATE TRIGGER availability_rules_version AFTER INSERT OR DELETE OR UPDATE ON public.availability_rules FOR EACH STATEMENT EXECUTE FUNCTION raise_registry_version();

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
  CONSTRAINT calls_pkey PRIMARY KEY (request_id)
) PARTITION BY RANGE (request_id);
CREATE INDEX calls_account ON ONLY public.calls USING btree (account_id, request_id);
CREATE INDEX calls_client ON ONLY public.calls USING btree (client_request_id) WHERE (client_request_id IS NOT NULL);
CREATE INDEX calls_upstream ON ONLY public.calls USING btree (upstream_request_id) WHERE (upstream_request_id IS NOT NULL);
CREATE TRIGGER calls_append_only BEFORE UPDATE ON public.calls FOR EACH ROW EXECUTE FUNCTION refuse_change();
COMMENT ON COLUMN calls.status IS 'completed | refused | failed | cut | aborted | unknown';
COMMENT ON COLUMN calls.usage_input IS 'uncached input tokens; cache buckets stand beside it; cache_write includes cache_write_1h, output includes reasoning';

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
CREATE TRIGGER confirmations_version AFTER INSERT OR DELETE OR UPDATE ON public.confirmations FOR EACH STATEMENT EXECUTE FUNCTION raise_registry_version();

CREATE TABLE console_sessions (
  sid text NOT NULL,
  sess json NOT NULL,
  expire timestamp(6) with time zone NOT NULL,
  CONSTRAINT console_sessions_pkey PRIMARY KEY (sid)
);
CREATE INDEX console_sessions_expire ON public.console_sessions USING btree (expire);

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
  CONSTRAINT evidence_packs_check CHECK (((state <> 'ready'::text) OR ((ready_at IS NOT NULL) AND (sha256 IS NOT NULL) AND (bytes IS NOT NULL) AND (pages IS NOT NULL)))),
  CONSTRAINT evidence_packs_language_check CHECK ((language = ANY (ARRAY['en'::text, 'zh'::text, 'both'::text]))),
  CONSTRAINT evidence_packs_pkey PRIMARY KEY (pack_id),
  CONSTRAINT evidence_packs_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'ready'::text, 'failed'::text])))
);
CREATE INDEX evidence_packs_open ON public.evidence_packs USING btree (requested_at) WHERE (state = 'requested'::text);
CREATE INDEX evidence_packs_request ON public.evidence_packs USING btree (request_id);
COMMENT ON COLUMN evidence_packs.failure IS 'what a requested pack waits for, or why a failed one cannot be made';

CREATE TABLE gateway_epochs (
  epoch_id uuid NOT NULL,
  opened_at timestamp(3) with time zone NOT NULL,
  last_seen_at timestamp(3) with time zone NOT NULL,
  closed_at timestamp(3) with time zone,
  swept_at timestamp(3) with time zone,
  host text NOT NULL,
  pid integer NOT NULL,
  CONSTRAINT gateway_epochs_pkey PRIMARY KEY (epoch_id)
);
COMMENT ON COLUMN gateway_epochs.swept_at IS 'when the sweep of orphans found nothing left to settle; a heartbeat empties it';

CREATE TABLE holds (
  hold_id uuid NOT NULL,
  account_id text NOT NULL,
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
  CONSTRAINT holds_check CHECK (((released_at IS NULL) = (protects_until IS NULL))),
  CONSTRAINT holds_pkey PRIMARY KEY (hold_id)
);
CREATE INDEX holds_in_force ON public.holds USING btree (account_id) WHERE (released_at IS NULL);
COMMENT ON COLUMN holds.data_types IS 'null means every data type';
COMMENT ON COLUMN holds.protects_until IS 'a released hold still protects until then';

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
CREATE TRIGGER ledger_checkpoints_stay BEFORE DELETE OR UPDATE ON public.ledger_checkpoints FOR EACH ROW EXECUTE FUNCTION refuse_change(); -- enabled always

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

CREATE TABLE model_routes (
  model_id text NOT NULL,
  position integer NOT NULL,
  provider_id text NOT NULL,
  upstream_model text,
  CONSTRAINT model_routes_model_id_fkey FOREIGN KEY (model_id) REFERENCES models(model_id),
  CONSTRAINT model_routes_pkey PRIMARY KEY (model_id, "position"),
  CONSTRAINT model_routes_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(provider_id)
);
CREATE TRIGGER model_routes_version AFTER INSERT OR DELETE OR UPDATE ON public.model_routes FOR EACH STATEMENT EXECUTE FUNCTION raise_registry_version();

CREATE TABLE models (
  model_id text NOT NULL,
  CONSTRAINT models_pkey PRIMARY KEY (model_id)
);
CREATE TRIGGER models_version AFTER INSERT OR DELETE OR UPDATE ON public.models FOR EACH STATEMENT EXECUTE FUNCTION raise_registry_version();

CREATE TABLE operator_profile (
  singleton boolean NOT NULL DEFAULT true,
  name text NOT NULL,
  jurisdiction text NOT NULL,
  contact text NOT NULL,
  CONSTRAINT operator_profile_pkey PRIMARY KEY (singleton),
  CONSTRAINT operator_profile_singleton_check CHECK (singleton)
);
CREATE TRIGGER operator_profile_version AFTER INSERT OR DELETE OR UPDATE ON public.operator_profile FOR EACH STATEMENT EXECUTE FUNCTION raise_registry_version();

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

CREATE TABLE payments (
  payment_id uuid NOT NULL,
  account_id text NOT NULL,
  amount_micros bigint NOT NULL,
  currency text NOT NULL,
  paid_at timestamp(3) with time zone NOT NULL,
  fiscal_year_end text NOT NULL,
  reference text NOT NULL,
  CONSTRAINT payments_account_id_reference_key UNIQUE (account_id, reference),
  CONSTRAINT payments_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  CONSTRAINT payments_pkey PRIMARY KEY (payment_id)
);
CREATE INDEX payments_fiscal ON public.payments USING btree (fiscal_year_end);

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
  CONSTRAINT prices_cache_read_micros_check CHECK ((cache_read_micros >= 0)),
  CONSTRAINT prices_cache_write_1h_micros_check CHECK ((cache_write_1h_micros >= 0)),
  CONSTRAINT prices_cache_write_micros_check CHECK ((cache_write_micros >= 0)),
  CONSTRAINT prices_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  CONSTRAINT prices_input_micros_check CHECK ((input_micros >= 0)),
  CONSTRAINT prices_model_provider_id_effective_from_key UNIQUE (model, provider_id, effective_from),
  CONSTRAINT prices_output_micros_check CHECK ((output_micros >= 0)),
  CONSTRAINT prices_pkey PRIMARY KEY (price_id),
  CONSTRAINT prices_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES providers(provider_id)
);
CREATE TRIGGER prices_version AFTER INSERT OR DELETE OR UPDATE ON public.prices FOR EACH STATEMENT EXECUTE FUNCTION raise_registry_version();
COMMENT ON COLUMN prices.input_micros IS 'micro-units of the currency per million tokens';

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
CREATE TRIGGER provider_terms_version AFTER INSERT OR DELETE OR UPDATE ON public.provider_terms FOR EACH STATEMENT EXECUTE FUNCTION raise_registry_version();

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
CREATE TRIGGER providers_version AFTER INSERT OR DELETE OR UPDATE ON public.providers FOR EACH STATEMENT EXECUTE FUNCTION raise_registry_version();

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
  CONSTRAINT purge_run_items_method_check CHECK ((method = ANY (ARRAY['drop_partition'::text, 'replace_partition'::text, 'delete_rows'::text, 'erase_fields'::text]))),
  CONSTRAINT purge_run_items_pkey PRIMARY KEY (run_id, "position"),
  CONSTRAINT purge_run_items_run_id_fkey FOREIGN KEY (run_id) REFERENCES purge_runs(run_id),
  CONSTRAINT purge_run_items_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'detached'::text, 'done'::text])))
);
COMMENT ON COLUMN purge_run_items.state IS 'detached: the old partition is out of the table but not destroyed; it bears its name with _gone';
COMMENT ON COLUMN purge_run_items.purged_leaves IS 'gzip of the ascending leaf indexes of the removed records, each as LEB128 of the difference to the one before';

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
  CONSTRAINT purge_runs_pkey PRIMARY KEY (run_id),
  CONSTRAINT purge_runs_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'running'::text, 'verifying'::text, 'certified'::text, 'nothing_due'::text, 'failed'::text])))
);
CREATE UNIQUE INDEX purge_runs_open ON public.purge_runs USING btree (data_type) WHERE (state = ANY (ARRAY['planned'::text, 'running'::text, 'verifying'::text]));

CREATE TABLE purge_schedule (
  singleton boolean NOT NULL DEFAULT true,
  cron text NOT NULL,
  time_zone text NOT NULL,
  paused boolean NOT NULL DEFAULT false,
  CONSTRAINT purge_schedule_pkey PRIMARY KEY (singleton),
  CONSTRAINT purge_schedule_singleton_check CHECK (singleton)
);

CREATE TABLE registry_versions (
  singleton boolean NOT NULL DEFAULT true,
  version bigint NOT NULL,
  CONSTRAINT registry_versions_pkey PRIMARY KEY (singleton),
  CONSTRAINT registry_versions_singleton_check CHECK (singleton)
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
  CONSTRAINT retention_policies_check CHECK (((account_id IS NULL) OR (jurisdiction IS NULL))),
  CONSTRAINT retention_policies_pkey PRIMARY KEY (policy_id),
  CONSTRAINT retention_policies_starts_at_check CHECK ((starts_at = ANY (ARRAY['created'::text, 'account-closed'::text, 'fiscal-year-end'::text]))),
  CONSTRAINT retention_policies_status_check CHECK ((status = ANY (ARRAY['in_force'::text, 'superseded'::text])))
);
CREATE UNIQUE INDEX retention_policies_in_force ON public.retention_policies USING btree (data_type, COALESCE(account_id, ''::text), COALESCE(jurisdiction, ''::text)) WHERE (status = 'in_force'::text);

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

CREATE OR REPLACE FUNCTION public.raise_registry_version()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  UPDATE registry_versions SET version = version + 1;
  PERFORM pg_notify('holdfast_registry', '');
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
