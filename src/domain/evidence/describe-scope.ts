// The scope of a pack: by what its records were selected, what was searched and found, what was left out and what is known to be missing.
import type { Frozen } from './freeze-query.js';
import type { PackDocument, PackRecord } from './pack-document.js';
import { KIND_RULES, TABLES_OF } from './pack-kinds.js';
import { PACK_DATA_TYPES, type PackRow } from './pack.js';

type Scope = PackDocument['scope'];

/** `termsUnknown`: transfers whose provider terms are not on file. */
export function describeScope(pack: PackRow, frozen: Frozen, records: readonly PackRecord[], account: boolean, termsUnknown: number): Scope {
  const { params } = pack;
  const produced = (table: string): number => (frozen.volumes > 1 ? frozen.snapshot.counts[table] ?? 0 : records.filter((one) => one.table === table).length);
  const selectors = [
    ...(frozen.story ? [{ name: 'request_id', value: frozen.story.call.request_id }] : []), ...(pack.accountId === null ? [] : [{ name: 'account_id', value: pack.accountId }]),
    ...(params.from === null ? [] : [{ name: 'from', value: params.from }]), ...(params.until === null ? [] : [{ name: 'until', value: params.until }]), ...(params.run_id === null ? [] : [{ name: 'run_id', value: params.run_id }]),
  ];
  const custody = { data_type: 'compliance_records' as const, table: 'audit_records', found: frozen.custodyTotal, produced: records.filter((one) => one.table === 'audit_records').length };
  const gap = (name: Scope['gaps'][number]['gap'], count: number): Scope['gaps'] => (count > 0 ? [{ gap: name, count }] : []);
  const excluded = (name: Scope['excluded'][number]['data_type'], reason: 'never_kept' | 'not_asked') => ({ data_type: name, reason });
  const content = [excluded('input_content', 'never_kept'), excluded('output_content', 'never_kept')];
  const snapshot = { tree_size: frozen.snapshot.tree_size, taken_at: frozen.snapshot.taken_at, counts: { ...frozen.snapshot.counts }, ids_sha256: frozen.snapshot.ids_sha256 };
  if (frozen.story) {
    const { call, transfers } = frozen.story, outcomes = transfers.filter((one) => one.outcome).length;
    return {
      selectors, snapshot,
      searched: [
        { data_type: 'api_call_metadata', table: 'calls', found: 1, produced: produced('calls') }, { data_type: 'third_party_call_records', table: 'transfers', found: transfers.length, produced: produced('transfers') },
        { data_type: 'third_party_call_records', table: 'transfer_outcomes', found: outcomes, produced: produced('transfer_outcomes') }, { data_type: 'account_information', table: 'accounts', found: account ? 1 : 0, produced: account ? 1 : 0 }, custody,
      ],
      excluded: [...content, excluded('payment_records', 'not_asked'), excluded('security_logs', 'not_asked')],
      gaps: [...gap('transfers_missing', call.attempts - transfers.length), ...gap('outcome_missing', transfers.length - outcomes), ...gap('terms_unknown', termsUnknown), ...gap('custody_shortened', custody.found - custody.produced)],
    };
  }
  const searched = params.data_types.flatMap((data_type) => TABLES_OF[data_type].map((table) => ({ data_type, table: table as string, found: frozen.snapshot.counts[table] ?? 0, produced: produced(table) })));
  const access = pack.kind === 'subject_access';
  return {
    selectors, snapshot, searched: [...searched, ...(KIND_RULES[pack.kind].subject === 'account' ? [{ data_type: 'account_information' as const, table: 'accounts', found: account ? 1 : 0, produced: account ? 1 : 0 }] : []), custody],
    excluded: [...(frozen.certificate ? [] : content), ...PACK_DATA_TYPES.filter((type) => !frozen.certificate && !params.data_types.includes(type)).map((type) => excluded(type, 'not_asked')), ...(access || frozen.certificate ? [] : [excluded('payment_records', 'not_asked')])],
    gaps: [...gap('not_sealed_yet', frozen.tooNew), ...(frozen.volumes > 1 && records[0]?.table !== 'audit_records' ? [] : gap('custody_shortened', custody.found - custody.produced))],
  };
}

/** Counts and times of the records in this file, by table. */
export function overviewOf(frozen: Frozen, records: readonly PackRecord[]): PackDocument['overview'] {
  const tables = new Map<string, { count: number; first: string | null; last: string | null }>(frozen.found.map(({ table }) => [table, { count: 0, first: null, last: null }]));
  for (const { table, row } of records) {
    if (table === 'audit_records') continue;
    const at = row['at'] as string, entry = tables.get(table) ?? { count: 0, first: null, last: null };
    tables.set(table, { count: entry.count + 1, first: entry.first === null || at < entry.first ? at : entry.first, last: entry.last === null || at > entry.last ? at : entry.last });
  }
  return [...tables].map(([table, entry]) => ({ table, ...entry }));
}
