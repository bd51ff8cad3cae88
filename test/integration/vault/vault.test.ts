import { gzipSync } from 'node:zlib';
import type { ContentSide, GrantInput } from '../../../src/domain/vault/index.js';
import type { Actor } from '../../../src/kernel/actor.js';
import { isRefusal } from '../../../src/kernel/result.js';
import { createFileKeyProvider } from '../../../src/platform/crypto/key-provider.js';
import { addAccount, addKey } from '../../support/gateway-registry.js';
import { chat, messages, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { chatAnswer, json } from '../../support/upstream.js';

const MARKER = 'zebra-4711-marker';
const start = new Date('2026-11-24T10:00:00Z');
let now = start;
let gateway: TestGateway;
beforeAll(async () => { gateway = await startTestGateway(undefined, { clock: { now: () => now } }); });
afterAll(async () => { await gateway.close(); });
beforeEach(() => { now = start; });

const officer: Actor = { kind: 'operator', id: '0193c1a2-7b3c-7000-8000-000000000001', name: 'Ada', roles: ['compliance_officer'] };
const support: Actor = { ...officer, id: '0193c1a2-7b3c-7000-8000-000000000002', name: 'Bo', roles: ['support_agent'] };
const auditor: Actor = { ...officer, id: '0193c1a2-7b3c-7000-8000-000000000003', name: 'Cy', roles: ['auditor'] };
const input = (over: Partial<GrantInput> = {}): GrantInput => ({ accountId: 'acme', kind: 'troubleshooting', sides: ['input', 'output'], reason: 'ticket 4711', authorisedBy: 'cto@acme.example', validUntil: new Date(start.getTime() + 5 * 86_400_000), ...over });
const grant = (over: Partial<GrantInput> = {}, actor = officer) => gateway.app.act(actor, (tx) => gateway.app.vault.grantContent(tx, input(over)));
const granted = async (over: Partial<GrantInput> = {}): Promise<string> => {
  const answer = await grant(over);
  if (isRefusal(answer)) throw new Error(answer.message);
  await gateway.registryInForce();
  return answer.grantId;
};
const revoke = async (grantId: string): Promise<void> => { await gateway.app.act(officer, (tx) => gateway.app.vault.revokeGrant(tx, grantId, 'the customer asked')); await gateway.registryInForce(); };
const open = (requestId: string, side: ContentSide, over: object = {}, actor = support) => gateway.app.act(actor, (tx) => gateway.app.vault.openContent(tx, { requestId, side, purpose: 'troubleshooting', reason: 'ticket 4711', ...over }));
const text = async (requestId: string, side: ContentSide): Promise<string> => {
  const opened = await open(requestId, side);
  if (isRefusal(opened)) throw new Error(opened.message);
  return opened.bytes.toString();
};
const read = async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> => (await gateway.app.database.pool.query<T>(sql, values)).rows;
const kept = async (): Promise<number> => Number((await read<{ n: string }>('SELECT (SELECT count(*) FROM vault.inputs) + (SELECT count(*) FROM vault.outputs) AS n'))[0]!.n);
/** A call whose content is written: it is, a moment after the answer ended. */
async function callKept(post: () => Promise<Response>, pieces = 2): Promise<{ id: string; answer: string }> {
  const before = await kept(), response = await post(), answer = await response.text();
  for (let i = 0; i < 500 && await kept() < before + pieces; i++) await new Promise((done) => { setTimeout(done, 20); });
  expect(await kept()).toBe(before + pieces);
  return { id: response.headers.get('x-request-id')!, answer };
}
const ask = (): object => chat({ messages: [{ role: 'user', content: MARKER }] });

test('without a grant nothing of a call is kept', async () => {
  gateway.upstream.script = json(chatAnswer());
  const response = await gateway.post('/v1/chat/completions', ask());
  await response.text();
  const { call } = await gateway.story(response.headers.get('x-request-id')!);
  expect(call.status).toBe('completed');
  expect(await kept()).toBe(0);
  expect(await open(call.request_id, 'input')).toMatchObject({ refused: true, code: 'not_found' });
});

test('under a grant both sides are kept as they travelled, and open as they were, on record', async () => {
  const grantId = await granted();
  gateway.upstream.script = json(chatAnswer().replace('Hi', MARKER));
  const { id, answer } = await callKept(() => gateway.post('/v1/chat/completions', ask()));
  expect(await text(id, 'input')).toBe(JSON.stringify(ask()));
  expect(await text(id, 'output')).toBe(answer);
  expect(await gateway.app.vault.contentOf(id)).toMatchObject([{ side: 'input', grantId, bytes: JSON.stringify(ask()).length, truncated: false }, { side: 'output', grantId }]);
  const opened = await read<{ actor_name: string; purpose: string; reason: string; after: { side: string } }>("SELECT actor_name, purpose, reason, after FROM audit_records WHERE action = 'content.open' AND subject_id = $1 ORDER BY record_id", [id]);
  expect(opened).toMatchObject([{ actor_name: 'Bo', purpose: 'troubleshooting', reason: 'ticket 4711', after: { side: 'input', grant_id: grantId } }, { after: { side: 'output' } }]);
  await revoke(grantId);
});

test('a stream is kept event for event, and a call that failed too where the grant asks for those alone', async () => {
  const grantId = await granted({ trigger: 'failed' });
  gateway.upstream.script = json(chatAnswer());
  await (await gateway.post('/v1/chat/completions', ask())).text();
  gateway.upstream.script = (_, response) => { response.writeHead(400, { 'content-type': 'application/json' }); response.end('{"error":{"message":"no"}}'); };
  const { id, answer } = await callKept(() => gateway.post('/v1/messages', messages({ messages: [{ role: 'user', content: MARKER }] })));
  expect(await text(id, 'output')).toBe(answer);
  await revoke(grantId);
});

test('a grant for one side, other keys or other models keeps no more than it says', async () => {
  const other = await addKey(gateway.app, 'acme');
  const { rows: [key] } = await gateway.app.database.reader.query<{ key_id: string }>("SELECT key_id FROM api_keys WHERE account_id = 'acme' ORDER BY key_id DESC LIMIT 1");
  const grantId = await granted({ sides: ['input'], keyIds: [key!.key_id], models: ['mock-chat'] });
  gateway.upstream.script = json(chatAnswer());
  const before = await kept();
  await (await gateway.post('/v1/chat/completions', ask())).text();
  const { id } = await callKept(() => gateway.post('/v1/chat/completions', ask(), { key: other }), 1);
  expect(await kept()).toBe(before + 1);
  expect(await open(id, 'output')).toMatchObject({ code: 'not_found' });
  await revoke(grantId);
});

test('revoked, a grant keeps nothing more, and what it kept opens no more', async () => {
  const grantId = await granted();
  gateway.upstream.script = json(chatAnswer());
  const { id } = await callKept(() => gateway.post('/v1/chat/completions', ask()));
  const answer = await gateway.app.act(officer, (tx) => gateway.app.vault.revokeGrant(tx, grantId, 'the customer asked'));
  expect(answer).toEqual({ changed: true, expired: 2 });
  await gateway.registryInForce();
  const before = await kept();
  await (await gateway.post('/v1/chat/completions', ask())).text();
  expect(await open(id, 'input')).toMatchObject({ code: 'not_found' });
  expect(await kept()).toBe(before);
  expect(await gateway.app.vault.contentOf(id)).toEqual([]);
});

test('past its time content opens no more, before any purge has run', async () => {
  const grantId = await granted({ keepHours: 2 });
  gateway.upstream.script = json(chatAnswer());
  const { id } = await callKept(() => gateway.post('/v1/chat/completions', ask()));
  now = new Date(start.getTime() + 2 * 3_600_000 - 1);
  expect(isRefusal(await open(id, 'input'))).toBe(false);
  now = new Date(start.getTime() + 2 * 3_600_000);
  expect(await open(id, 'input')).toMatchObject({ code: 'not_found' });
  now = start;
  await revoke(grantId);
});

test('who lacks the permission, states a purpose the grant does not allow, or is a program, opens nothing and leaves no record', async () => {
  const grantId = await granted();
  gateway.upstream.script = json(chatAnswer());
  const { id } = await callKept(() => gateway.post('/v1/chat/completions', ask()));
  expect(await open(id, 'input', {}, auditor)).toMatchObject({ code: 'forbidden' });
  expect(await open(id, 'input', { purpose: 'billing' })).toMatchObject({ code: 'four_eyes_required', field: 'purpose' });
  expect(await open(id, 'input', { reason: ' ' })).toMatchObject({ code: 'invalid_request', field: 'reason' });
  expect(await open(id, 'input', {}, { ...officer, kind: 'api_token' })).toMatchObject({ code: 'forbidden' });
  expect(await open(id, 'input', {}, { kind: 'system', id: 'worker', name: 'system:worker', roles: [] })).toMatchObject({ code: 'forbidden' });
  expect(await read("SELECT 1 FROM audit_records WHERE action = 'content.open' AND subject_id = $1", [id])).toEqual([]);
  await revoke(grantId);
});

test('for a purpose its grant does not name a piece opens only on a second person\'s word, for its asker, that purpose, that piece and one hour', async () => {
  const grantId = await granted();
  gateway.upstream.script = json(chatAnswer());
  const { id } = await callKept(() => gateway.post('/v1/chat/completions', ask()));
  const wanted = { requestId: id, side: 'input' as const, purpose: 'lawful_cooperation' as const, reason: 'order 12/26', caseRef: 'L-1' };
  const asked = await gateway.app.act(officer, (tx) => gateway.app.vault.requestOpening(tx, wanted));
  if (isRefusal(asked)) throw new Error(asked.message);
  expect(await open(id, 'input', wanted, officer)).toMatchObject({ code: 'four_eyes_required' });
  const { digest } = (await gateway.app.security.approval(asked.approvalId))!;
  expect(await gateway.app.act(officer, (tx) => gateway.app.security.approve(tx, asked.approvalId, digest))).toMatchObject({ code: 'four_eyes_required' });
  const approver: Actor = { ...officer, id: '0193c1a2-7b3c-7000-8000-000000000004', name: 'Di', roles: ['approver'] };
  expect(isRefusal(await gateway.app.act(approver, (tx) => gateway.app.security.approve(tx, asked.approvalId, digest)))).toBe(false);
  expect(await open(id, 'input', wanted, support)).toMatchObject({ code: 'four_eyes_required' });
  expect(await open(id, 'output', { ...wanted, side: 'output' }, officer)).toMatchObject({ code: 'four_eyes_required' });
  expect(await open(id, 'input', { ...wanted, purpose: 'billing' }, officer)).toMatchObject({ code: 'four_eyes_required' });
  expect(isRefusal(await open(id, 'input', wanted, officer))).toBe(false);
  now = new Date(start.getTime() + 3_600_000);
  expect(await open(id, 'input', wanted, officer)).toMatchObject({ code: 'four_eyes_required' });
  now = start;
  expect(await read("SELECT after->>'approval_id' AS approval, after->>'case' AS case FROM audit_records WHERE action = 'content.open' AND subject_id = $1", [id])).toEqual([{ approval: asked.approvalId, case: 'L-1' }]);
  await revoke(grantId);
});

test.each<[string, Partial<GrantInput>, string]>([
  ['nobody of the customer asked', { authorisedBy: undefined as never }, 'authorisedBy'], ['it shall last longer than content may', { keepHours: 73 }, 'keepHours'], ['it lasts longer than 30 days', { validUntil: new Date(start.getTime() + 31 * 86_400_000) }, 'validUntil'],
  ['it is over already', { validUntil: start }, 'validUntil'], ['it begins in the past', { validFrom: new Date(start.getTime() - 120_000) }, 'validFrom'], ['it keeps nothing', { sides: [] }, 'sides'], ['there is no reason', { reason: '' }, 'reason'],
  ['a key is not of the account', { keyIds: ['0193c1a2-7b3c-7000-8000-000000000009'] }, 'keyIds'], ['the sample is none', { samplePercent: 0 }, 'samplePercent'], ['there is no such account', { accountId: 'nobody' }, 'accountId'],
])('a grant is refused when %s', async (_, over, field) => { expect(await grant(over)).toMatchObject({ refused: true, field }); });

test('only an officer grants', async () => { expect(await grant({}, support)).toMatchObject({ code: 'forbidden' }); });

test('the day\'s key dies when its time has come: what was copied before opens no more, what is held does', async () => {
  const grantId = await granted();
  gateway.upstream.script = json(chatAnswer());
  const gone = await callKept(() => gateway.post('/v1/chat/completions', ask())), held = await callKept(() => gateway.post('/v1/chat/completions', ask()));
  const backup = await read<{ request_id: string }>('SELECT * FROM vault.inputs WHERE request_id = ANY($1::uuid[])', [[gone.id, held.id]]);
  expect(await gateway.app.vault.shredContent('input')).toEqual([]);
  now = new Date(start.getTime() + 5 * 86_400_000);
  // What a purge does: everything due goes but the one piece that a hold keeps.
  await read('DELETE FROM vault.inputs WHERE request_id <> $1', [held.id]);
  expect(await gateway.app.vault.shredContent('input')).toEqual(['input-troubleshooting-20261124']);
  expect(await gateway.app.vault.shredContent('input')).toEqual([]);
  const keys = createFileKeyProvider(gateway.app.config.home);
  expect(await keys.names()).toEqual(['input-held-20261129', 'output-troubleshooting-20261124']);
  expect(await read('SELECT key_name FROM vault.inputs')).toEqual([{ key_name: 'input-held-20261129' }]);
  // The backup comes back: rows, wrapped keys and all.
  await read('DELETE FROM vault.inputs');
  for (const row of backup) await read(`INSERT INTO vault.inputs SELECT * FROM json_populate_record(null::vault.inputs, $1)`, [JSON.stringify(row, bytea)]);
  now = start;
  expect(await open(gone.id, 'input')).toMatchObject({ refused: true, code: 'content_unreadable' });
  expect(await open(held.id, 'input')).toMatchObject({ refused: true, code: 'content_unreadable' });
  const record = await read<{ subject_id: string }>("SELECT subject_id FROM audit_records WHERE action = 'content.shred'");
  expect(record).toEqual([{ subject_id: 'input-troubleshooting-20261124' }]);
  await revoke(grantId);
});

test('content that cannot be kept does not fail its call', async () => {
  await addAccount(gateway.app, { id: 'unkept', jurisdiction: 'US' });
  const key = await addKey(gateway.app, 'unkept');
  await granted({ accountId: 'unkept' });
  await read('ALTER TABLE vault.outputs RENAME TO outputs_away');
  try {
    gateway.upstream.script = json(chatAnswer());
    const response = await gateway.post('/v1/chat/completions', ask(), { key });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(chatAnswer());
    const metrics = async (): Promise<string> => (await fetch(`${gateway.url}/metrics`)).text();
    for (let i = 0; i < 500 && !(await metrics()).includes('holdfast_content_not_kept_total'); i++) await new Promise((done) => { setTimeout(done, 20); });
    expect(await metrics()).toMatch(/holdfast_content_not_kept_total 1/);
  } finally { await read('ALTER TABLE vault.outputs_away RENAME TO outputs'); }
});

test('a compressed answer is kept as it travelled', async () => {
  const grantId = await granted();
  const bytes = gzipSync(chatAnswer());
  gateway.upstream.script = (_, response) => { response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }); response.end(bytes); };
  const { id } = await callKept(() => gateway.post('/v1/chat/completions', ask()));
  const opened = await open(id, 'output');
  if (isRefusal(opened)) throw new Error(opened.message);
  expect(opened).toMatchObject({ contentEncoding: 'gzip', contentType: 'application/json' });
  expect(opened.bytes.equals(bytes)).toBe(true);
  await revoke(grantId);
});

/** bytea as PostgreSQL reads it from JSON. */
function bytea(this: unknown, _: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' ? `\\x${Buffer.from((value as unknown as { data: number[] }).data).toString('hex')}` : value;
}
