// The seven published data types (promise P4) and our own compliance records, and which table belongs to which.

export const DATA_TYPES = [
  'account_information', 'api_call_metadata', 'input_content', 'output_content',
  'payment_records', 'security_logs', 'third_party_call_records',
] as const;
export type DataType = (typeof DATA_TYPES)[number];

/** Every table of the database, by data type; a test fails for a table that is neither here nor in EXEMPT_TABLES. */
export const TABLES_BY_DATA_TYPE: Record<DataType | 'compliance_records', readonly string[]> = {
  account_information: ['accounts', 'api_keys'],
  api_call_metadata: ['calls'],
  input_content: ['vault.inputs'],
  output_content: ['vault.outputs'],
  payment_records: ['payments', 'invoice_pages', 'invoices'],
  security_logs: ['security_events'],
  third_party_call_records: ['transfers', 'transfer_outcomes'],
  compliance_records: [
    'audit_records', 'ledger_batches', 'ledger_tiles', 'ledger_checkpoints', 'ledger_keys', 'ledger_anchors', 'retention_policies', 'holds', 'content_grants', 'purge_runs', 'purge_run_items',
    'purge_item_leaves', 'purge_item_rows', 'purge_certificates', 'removal_journal', 'purge_alerts', 'erasures', 'restrictions', 'restricted_items', 'approvals', 'retention_disputes', 'evidence_packs', 'evidence_pack_files', 'evidence_links', 'operators', 'api_tokens', 'confirmations', 'providers', 'provider_terms',
    'models', 'model_routes', 'prices', 'usage_limits', 'availability_rules', 'redaction_rules', 'gateway_epochs', 'operator_profile',
    'cases', 'case_moves', 'case_calls', 'case_clocks', 'case_files', 'case_collections', 'case_clock_settings', 'disclosures', 'provider_usage_imports', 'provider_usage_rows', 'case_payments',
  ],
};

/** Tables that hold no customer data, each with the reason. */
export const EXEMPT_TABLES: Record<string, string> = {
  schema_migrations: 'names of applied migrations',
  console_sessions: 'operator sessions, at most 12 hours old',
  registry_versions: 'a counter',
  partition_counts: 'how many rows of each account a finished partition has: derived from the partition, gone with its first changed row, and deleted in the transaction that drops it',
  sealer_lease: 'which process seals',
  purge_schedule: 'when purges run',
  case_numbers: 'a counter',
  invoice_numbers: 'counters of the series of invoices and credit notes',
  installation: 'one random id',
  counted_answers: 'which call the usage of an answer was counted with, for a week; the fact itself is on the call',
  limit_notices: 'which warnings of which period were given; the events themselves are security_events',
};
