// Holds by account, key, request, window and data type, at every way a purge takes rows: exactly what they cover stays, everything else goes.
import type { PlaceHoldInput } from '../../src/domain/retention/index.js';
import { idLowerBound } from '../../src/kernel/ids.js';
import { ok, system } from '../support/registry.js';
import { aDay, createRetentionBench, purge, release, verifyAll, writeCalls, writeEvents, writeTransfers, type RetentionBench } from '../support/retention.js';

let bench: RetentionBench;
const keys: Record<string, string> = {};
beforeAll(async () => {
  bench = await createRetentionBench();
  for (const account of ['acme', 'globex']) keys[account] = ok(await bench.app.act(system, (tx) => bench.app.security.issueKey(tx, { accountId: account, name: 'k' }))).keyId;
});
afterAll(async () => { await bench.close(); });

let matter = 0;
const place = async (scope: Partial<PlaceHoldInput>): Promise<string> => ok(await bench.app.act(system, (tx) => bench.app.retention.placeHold(tx, { matter: `M ${matter += 1}`, requester: 'R', basis: 'b', reviewOn: '2030-01-01', ...scope }))).holdId;
/** Holds of earlier tests are taken away for good, past their delay. */
beforeEach(async () => { await bench.app.database.pool.query("UPDATE holds SET released_at = placed_at, released_by = 't', protects_until = placed_at"); });

/** Calls of a day; the first `keyed` of acme bear acme's key. Records cannot be changed, so the trigger is set aside for the moment. */
async function day(counts: Readonly<Record<string, number>>, keyed = 0): Promise<{ day: string; ids: Record<string, string[]> }> {
  const text = aDay(), ids = await writeCalls(bench.app, text, counts), client = await bench.app.database.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query("SET LOCAL session_replication_role = 'replica'");
    await client.query('UPDATE calls SET key_id = $1 WHERE request_id = ANY($2::uuid[])', [keys['acme'], (ids['acme'] ?? []).slice(0, keyed)]);
    await client.query('COMMIT');
  } finally { client.release(); }
  return { day: text, ids };
}
const left = async (text: string): Promise<string[]> => (await bench.read<{ id: string }>('SELECT request_id AS id FROM calls WHERE request_id >= $1 AND request_id < $2 ORDER BY 1',
  [idLowerBound(new Date(text)), idLowerBound(new Date(Date.parse(text) + 86_400_000))])).map((row) => row.id);
const noonOf = (text: string, ms: number): Date => new Date(Date.parse(`${text}T08:00:00.000Z`) + ms);

// Rows are a millisecond apart from 08:00 on, so windows cut between them; held out of 20 decides by which method the rest goes.
type Scope = (made: { day: string; ids: Record<string, string[]> }) => Partial<PlaceHoldInput>;
const SCOPES: readonly (readonly [string, Scope, (held: number) => Readonly<Record<string, number>>])[] = [
  ['an account', () => ({ accountId: 'acme' }), (held) => ({ acme: held, globex: 20 - held })],
  ['a key', () => ({ keyIds: [keys['acme']!] }), (held) => ({ acme: held, globex: 20 - held })],
  ['request ids', ({ ids }) => ({ requestIds: ids['acme']! }), (held) => ({ acme: held, globex: 20 - held })],
  ['a window of time of everybody', ({ day: text, ids }) => ({ from: noonOf(text, 0), until: noonOf(text, ids['acme']!.length) }), (held) => ({ acme: held, globex: 20 - held })],
  ['an account in a window', ({ day: text }) => ({ accountId: 'acme', from: noonOf(text, -1), until: noonOf(text, 1_000) }), (held) => ({ acme: held, globex: 20 - held })],
  ['a data type of a key', () => ({ keyIds: [keys['acme']!], dataTypes: ['api_call_metadata'] }), (held) => ({ acme: held, globex: 20 - held })],
];

describe.each(SCOPES)('a hold on %s', (name, scope, counts) => {
  test.each([['drop_partition', 0], ['replace_partition', 3], ['delete_rows', 15]] as const)('where %s takes the rest, keeps exactly its rows', async (method, held) => {
    const { day: text, ids } = await day(held === 0 ? { globex: 20 } : counts(held), held);
    // Of acme the rows come first where a window is to cut them: all its calls are of the first milliseconds of the round.
    const mine = name.startsWith('a window') ? await bench.read<{ id: string }>('SELECT request_id AS id FROM calls WHERE request_id >= $1 AND request_id < $2 ORDER BY 1 LIMIT $3', [idLowerBound(noonOf(text, 0)), idLowerBound(noonOf(text, 1_000)), held]).then((rows) => rows.map((row) => row.id)) : ids['acme'] ?? [];
    if (held > 0) await place(scope({ day: text, ids }));
    const run = await purge(bench.app, 'api_call_metadata');
    expect(run).toMatchObject({ state: 'certified', rowsDeleted: BigInt(20 - held), rowsHeld: BigInt(held), survivors: 0n, items: [{ method }] });
    expect(await left(text)).toEqual([...mine].sort());
    // Gone for the tests that follow.
    await bench.app.database.pool.query("UPDATE holds SET released_at = placed_at, released_by = 't', protects_until = placed_at");
    await purge(bench.app, 'api_call_metadata');
    expect(await left(text)).toEqual([]);
  });
});

test('several holds add up, and an item is free only when the last of them has ended', async () => {
  const { day: text, ids } = await day({ acme: 6, globex: 6 }, 2), [first, second] = [await place({ keyIds: [keys['acme']!] }), await place({ requestIds: ids['acme']!.slice(1, 4) })];
  expect(await purge(bench.app, 'api_call_metadata')).toMatchObject({ rowsDeleted: 8n, rowsHeld: 4n });
  expect(await left(text)).toEqual(ids['acme']!.slice(0, 4));
  await release(bench.app, first);
  await bench.app.database.pool.query('UPDATE holds SET protects_until = placed_at WHERE hold_id = $1', [first]);
  expect(await purge(bench.app, 'api_call_metadata')).toMatchObject({ rowsDeleted: 1n, rowsHeld: 3n });
  await release(bench.app, second);
  await bench.app.database.pool.query('UPDATE holds SET protects_until = placed_at WHERE hold_id = $1', [second]);
  expect(await purge(bench.app, 'api_call_metadata')).toMatchObject({ rowsDeleted: 3n, rowsHeld: 0n });
  expect(await left(text)).toEqual([]);
});

test('a hold on a key covers transfers and their outcomes, security events and the key and account themselves; one on a request covers what belongs to it', async () => {
  const { app } = bench, text = aDay(), ids = await writeTransfers(app, text, { acme: 3, globex: 3 });
  await bench.app.database.pool.query(`INSERT INTO payments (payment_id, account_id, amount_micros, currency, paid_at, fiscal_year_end, reference) VALUES ('01800000-0000-7000-8000-000000000001', 'acme', 1, 'EUR', '2010-05-01', '2010-12-31', 'r')`);
  const rows = async (holdId: string): Promise<Record<string, bigint>> => Object.fromEntries((await app.retention.heldRows(holdId))!.map((one) => [one.table, one.rows]));
  const byRequest = await place({ requestIds: [ids['acme']![0]!] }), byKey = await place({ keyIds: [keys['acme']!] }), byAccount = await place({ accountId: 'acme', dataTypes: ['payment_records', 'account_information'] });
  expect(await rows(byRequest)).toMatchObject({ transfers: 1n, transfer_outcomes: 1n, payments: 0n, security_events: 0n });
  expect(await rows(byKey)).toMatchObject({ api_keys: 1n, accounts: 1n, payments: 0n });
  expect(await rows(byAccount)).toEqual({ payments: 1n, invoices: 0n, invoice_pages: 0n, accounts: 1n, api_keys: 1n });
  expect(await purge(app, 'third_party_call_records')).toMatchObject({ rowsDeleted: 10n, rowsHeld: 2n });
  expect((await bench.read<{ id: string }>('SELECT transfer_id AS id FROM transfers UNION SELECT transfer_id FROM transfer_outcomes')).map((row) => row.id)).toEqual([ids['acme']![0]]);
  expect(await purge(app, 'payment_records')).toMatchObject({ state: 'nothing_due', rowsHeld: 1n });
  await place({ from: new Date('2010-01-01'), until: new Date('2011-01-01') });
  await bench.app.database.pool.query('UPDATE holds SET protects_until = placed_at, released_at = placed_at WHERE hold_id = $1', [byAccount]);
  expect(await purge(app, 'payment_records')).toMatchObject({ state: 'nothing_due', rowsHeld: 1n });
  await bench.app.database.pool.query("UPDATE holds SET released_at = placed_at, released_by = 't', protects_until = placed_at");
  expect(await purge(app, 'payment_records')).toMatchObject({ state: 'certified', rowsDeleted: 1n });
  await purge(app, 'third_party_call_records');
});

test('a window holds security events of everybody, and those of no account', async () => {
  const text = aDay(), ids = await writeEvents(bench.app, text, { '': 4, acme: 4 });
  await place({ from: noonOf(text, 0), until: noonOf(text, 3), dataTypes: ['security_logs'] });
  expect(await purge(bench.app, 'security_logs')).toMatchObject({ rowsDeleted: 5n, rowsHeld: 3n });
  expect((await bench.read<{ id: string }>('SELECT event_id AS id FROM security_events ORDER BY 1')).map((row) => row.id)).toEqual([ids['']![0], ids['acme']![0], ids['']![1]]);
});

test('a hold is widened and never narrowed, and what it gets in addition is protected from then on', async () => {
  const { app } = bench, { day: text, ids } = await day({ acme: 4 }), [one, two] = ids['acme']!;
  const holdId = await place({ requestIds: [one!] }), extend = (input: object) => app.act(system, (tx) => app.retention.extendHold(tx, holdId, { reason: 'more', ...input }));
  expect(await extend({ keyIds: [keys['acme']!] })).toMatchObject({ code: 'invalid_request', field: 'keyIds' });
  expect(await extend({ from: new Date() })).toMatchObject({ code: 'invalid_request', field: 'from' });
  expect(ok(await extend({ requestIds: [two!], reviewOn: '2031-01-01' }))).toMatchObject({ changed: true });
  expect(ok(await extend({ requestIds: [two!] }))).toMatchObject({ changed: false });
  expect(await purge(app, 'api_call_metadata')).toMatchObject({ rowsDeleted: 2n, rowsHeld: 2n });
  expect(await left(text)).toEqual([one, two]);
  expect(await app.retention.holdsOn({ accountId: 'acme', requestId: two!, at: new Date(text) }, 'api_call_metadata')).toMatchObject([{ holdId, reviewOn: '2031-01-01' }]);
  expect(await app.retention.holdsOn({ accountId: 'acme', requestId: ids['acme']![3]!, at: new Date(text) })).toEqual([]);
  expect((await app.retention.explain({ dataType: 'api_call_metadata', createdAt: new Date(text), accountId: 'acme', requestId: two! })).holds).toMatchObject([{ holdId }]);
});

test.each<[string, Partial<PlaceHoldInput>, string]>([
  ['nothing', {}, 'invalid_request'], ['a window that ends before it begins', { from: new Date('2026-02-01'), until: new Date('2026-01-01') }, 'invalid_request'], ['a key there is not', { keyIds: ['01800000-0000-7000-8000-000000000009'] }, 'not_found'],
  ['something that is no id', { requestIds: ['x'] }, 'invalid_request'], ['no ids', { requestIds: [] }, 'invalid_request'],
])('a hold on %s is refused', async (_, scope, code) => {
  expect(await bench.app.act(system, (tx) => bench.app.retention.placeHold(tx, { matter: 'm', requester: 'R', basis: 'b', reviewOn: '2030-01-01', ...scope }))).toMatchObject({ refused: true, code });
});

test('after all of it the ledger accounts for every record', async () => {
  // The keys of calls were written past their commitments for these tests; what is left of them is taken away before.
  await bench.app.database.pool.query("UPDATE holds SET released_at = placed_at, released_by = 't', protects_until = placed_at");
  await purge(bench.app, 'api_call_metadata');
  expect(await verifyAll(bench.app)).toMatchObject({ intact: true, counts: { missing: 0, altered: 0 } });
});
