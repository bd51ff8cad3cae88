// Nothing that destroys sooner happens on one person's word.
import type { PolicyInput } from '../../src/domain/retention/index.js';
import type { Actor } from '../../src/kernel/actor.js';
import { approve, second } from '../support/approvals.js';
import { ok, person, system } from '../support/registry.js';
import { createRetentionBench, DAY_MS, NOW, purge, shorten, writeCalls, type RetentionBench } from '../support/retention.js';

let bench: RetentionBench;
beforeEach(async () => { bench = await createRetentionBench(); });
afterEach(async () => { await bench.close(); });

const officer: Actor = { ...person('compliance_officer'), id: '00000000-0000-7000-8000-00000000bbbb', name: 'Olivia' };
const cli: Actor = { kind: 'cli', id: 'root', name: 'cli:root', roles: [] };
const hold = async (): Promise<string> => ok(await bench.app.act(system, (tx) => bench.app.retention.placeHold(tx, { accountId: 'acme', matter: 'M', requester: 'R', basis: 'b', reviewOn: '2030-01-01' }))).holdId;
const askRelease = async (actor: Actor = officer, holdId?: string) => ok(await bench.app.act(actor, async (tx) => bench.app.retention.releaseHold(tx, holdId ?? await hold(), 'settled'))).approvalId!;
const digestOf = async (id: string): Promise<string> => (await bench.app.security.approval(id))!.digest;
const decide = async (id: string, actor: Actor, digest?: string) => bench.app.act(actor, async (tx) => bench.app.security.approve(tx, id, digest ?? await digestOf(id)));
const publish = (input: PolicyInput, actor: Actor = system) => bench.app.act(actor, (tx) => bench.app.retention.publishPolicy(tx, input));
const records = (action: string) => bench.read<{ actor_name: string; after: Record<string, unknown> }>('SELECT actor_name, after FROM audit_records WHERE action = $1 ORDER BY record_id', [action]);

test('nobody approves what he asked for, nor with a token he issued; neither the command line nor our own processes approve', async () => {
  const id = await askRelease({ ...officer, roles: ['compliance_officer', 'administrator'] });
  expect(await decide(id, officer)).toMatchObject({ code: 'four_eyes_required' });
  const token = ok(await bench.app.act({ ...officer, roles: ['administrator', 'approver'] }, (tx) => bench.app.security.issueToken(tx, { name: 'sock puppet', roles: ['approver'] })));
  expect(await decide(id, (await bench.app.security.authenticateToken(token.secret))!)).toMatchObject({ code: 'four_eyes_required' });
  for (const actor of [cli, system]) expect(await decide(id, actor)).toMatchObject({ code: 'four_eyes_required' });
  for (const role of ['auditor', 'support_agent', 'administrator'] as const) expect(await decide(id, { ...second, roles: [role] })).toMatchObject({ code: 'forbidden' });
  expect(await bench.app.security.approval(id)).toMatchObject({ state: 'pending' });
  const others = ok(await bench.app.act(system, (tx) => bench.app.security.issueToken(tx, { name: 'approver', roles: ['approver'] })));
  expect(await decide(id, (await bench.app.security.authenticateToken(others.secret))!)).toMatchObject({ state: 'approved', decidedBy: 'token:approver' });
});

test('who approves names what he saw: another digest, a decided or an expired request is refused', async () => {
  const id = await askRelease();
  expect(await decide(id, second, 'ab'.repeat(32))).toMatchObject({ code: 'conflict', field: 'digest' });
  expect(await decide('01800000-0000-7000-8000-000000000000', second, 'ab')).toMatchObject({ code: 'not_found' });
  ok(await decide(id, second));
  expect(await decide(id, { ...second, id: 'x', name: 'X' })).toMatchObject({ code: 'conflict' });
  const late = await askRelease(officer, ok(await bench.app.act(system, (tx) => bench.app.retention.placeHold(tx, { accountId: 'zh', matter: 'M', requester: 'R', basis: 'b', reviewOn: '2030-01-01' }))).holdId);
  bench.clock.advance(7 * DAY_MS);
  expect(await decide(late, second)).toMatchObject({ code: 'conflict', message: expect.stringContaining('expired') });
  expect(await bench.app.act(system, (tx) => bench.app.security.expireApprovals(tx))).toBe(1);
  expect(await bench.app.security.approval(late)).toMatchObject({ state: 'expired' });
});

test('each step is on the ledger with what exactly, by whom, and the digest', async () => {
  const id = await askRelease(), digest = await digestOf(id);
  ok(await decide(id, second));
  expect(await records('approval.request')).toMatchObject([{ actor_name: 'Olivia', after: { action: 'hold.release', digest, proposal: { matter: 'M', account_id: 'acme' }, preview: { calls: '0' } } }]);
  expect(await records('approval.approve')).toMatchObject([{ actor_name: 'Grace', after: { digest, requested_by: 'Olivia' } }]);
  expect(await records('hold.release')).toMatchObject([{ actor_name: 'Grace', after: { approval_id: id, requested_by: 'Olivia' } }]);
});

test('a rejected or withdrawn request does nothing, and a hold that was extended meanwhile is asked for again', async () => {
  const holdId = await hold(), first = await askRelease(officer, holdId);
  expect(await bench.app.act({ ...second, roles: ['auditor'] }, (tx) => bench.app.security.reject(tx, first, 'not yet'))).toMatchObject({ code: 'forbidden' });
  expect(ok(await bench.app.act(second, (tx) => bench.app.security.reject(tx, first, 'not yet')))).toMatchObject({ state: 'rejected', decisionReason: 'not yet' });
  const again = await askRelease(officer, holdId);
  expect(await bench.app.act({ ...second, id: 'y' }, (tx) => bench.app.security.withdrawApproval(tx, again, 'x'))).toMatchObject({ code: 'forbidden' });
  ok(await bench.app.act(officer, (tx) => bench.app.security.withdrawApproval(tx, again, 'a mistake')));
  const third = await askRelease(officer, holdId);
  ok(await bench.app.act(system, (tx) => bench.app.retention.extendHold(tx, holdId, { reviewOn: '2031-01-01', reason: 'longer' })));
  expect(await decide(third, second)).toMatchObject({ code: 'conflict', message: expect.stringContaining('extended') });
  expect(await bench.app.retention.holdsFor('acme')).toMatchObject([{ releasedAt: null }]);
});

test('a run somebody starts by hand waits for a second person and is frozen meanwhile; rejected, it is cancelled', async () => {
  await writeCalls(bench.app, '2025-11-20', { acme: 4 });
  const plan = async () => ok(await bench.app.act(officer, (tx) => bench.app.retention.planPurge(tx, 'api_call_metadata', 'Olivia'))), runId = await plan();
  await expect(bench.app.retention.runPurge(runId)).rejects.toThrow('second person');
  expect(await bench.app.retention.runsToGoOn()).toEqual([]);
  const first = (await bench.app.retention.purgeRun(runId))!;
  expect(first).toMatchObject({ state: 'planned', needsApproval: true });
  ok(await bench.app.act(second, (tx) => bench.app.security.reject(tx, first.approvalId!, 'no')));
  expect(await bench.app.retention.purgeRun(runId)).toMatchObject({ state: 'cancelled' });
  const other = await plan(), { approvalId } = (await bench.app.retention.purgeRun(other))!;
  await writeCalls(bench.app, '2025-11-21', { acme: 3 });
  bench.clock.advance(DAY_MS);
  await approve(bench.app, approvalId!);
  expect(await bench.app.retention.purgeRun(other)).toMatchObject({ state: 'approved', needsApproval: false });
  await bench.app.retention.runPurge(other);
  // What came due or came late after the plan is not in it.
  expect(await bench.app.retention.purgeRun(other)).toMatchObject({ state: 'certified', items: [{ partition: 'calls_p20251120', rowsDeleted: 4n }, { partition: 'calls_p20251121' }] });
  const { body } = (await bench.app.retention.certificate(other))!;
  expect(body).toMatchObject({ approvals: [{ approval_id: approvalId, action: 'purge.run', requested_by: 'Olivia', approved_by: 'Grace', digest: await digestOf(approvalId!) }], keys_destroyed: [], program: expect.stringMatching(/^Holdfast \d+\.\d+\.\d+ \(Node /) });
});

test('the first run by a policy that shortened is approved; the schedule needs nobody for those that follow', async () => {
  await writeCalls(bench.app, '2026-05-01', { acme: 4 });
  await shorten(bench, { dataType: 'api_call_metadata', keep: 'P6M' });
  const scheduled = async () => (await bench.app.retention.purgeRun(ok(await bench.app.act(system, (tx) => bench.app.retention.planPurge(tx, 'api_call_metadata', 'schedule')))))!;
  const first = await scheduled();
  expect(first).toMatchObject({ state: 'planned', needsApproval: true, trigger: 'schedule' });
  await bench.app.retention.jobs.find((job) => job.name === 'purge-expired')!.run('');
  expect(await bench.count('calls')).toBe(4);
  await approve(bench.app, first.approvalId!);
  await bench.app.retention.runPurge(first.runId);
  expect(await bench.app.retention.certificate(first.runId)).toMatchObject({ body: { approvals: [{ action: 'policy.shorten', approved_by: 'Grace' }, { action: 'purge.run' }] } });
  await writeCalls(bench.app, '2026-05-02', { acme: 2 });
  expect(await scheduled()).toMatchObject({ state: 'planned', needsApproval: false });
});

test('an approved shortening can be withdrawn until its day, and whoever lengthens in between has the last word', async () => {
  await writeCalls(bench.app, '2026-05-01', { acme: 1 });
  const ask = async (keep: string) => ok(await publish({ dataType: 'api_call_metadata', keep, confirmShortening: true }, officer)).approvalId!;
  const inForce = async () => (await bench.app.retention.policies({ inForce: true })).filter((policy) => policy.dataType === 'api_call_metadata').map((policy) => policy.keep);
  await approve(bench.app, await ask('P6M'));
  const [scheduled] = await bench.app.retention.policies();
  ok(await bench.app.act(officer, (tx) => bench.app.retention.withdrawPolicy(tx, scheduled!.policyId, 'contract')));
  bench.clock.advance(8 * DAY_MS);
  expect(await inForce()).toEqual(['P12M']);
  await approve(bench.app, await ask('P7M'));
  ok(await publish({ dataType: 'api_call_metadata', keep: 'P18M' }, officer));
  bench.clock.advance(8 * DAY_MS);
  expect(await inForce()).toEqual(['P18M']);
  const stale = await ask('P9M');
  ok(await publish({ dataType: 'api_call_metadata', keep: 'P24M' }, officer));
  expect(await decide(stale, second)).toMatchObject({ code: 'conflict', message: expect.stringContaining('changed since') });
});

test('a lock works one way, for narrower policies and other clocks too, and nobody takes it off', async () => {
  await writeCalls(bench.app, '2026-05-01', { acme: 1 });
  ok(await publish({ dataType: 'api_call_metadata', keep: 'P18M', locked: true }));
  const shorter: PolicyInput[] = [{ dataType: 'api_call_metadata', keep: 'P17M' }, { dataType: 'api_call_metadata', keep: 'P17M', accountId: 'acme' }, { dataType: 'api_call_metadata', keep: 'P17M', jurisdiction: 'DE' }, { dataType: 'api_call_metadata', keep: 'P18M', startsAt: 'account-closed' }];
  for (const input of shorter) expect(await publish({ ...input, confirmShortening: true })).toMatchObject({ refused: true, code: 'conflict', message: expect.stringContaining('locked') });
  ok(await publish({ dataType: 'api_call_metadata', keep: 'P24M', locked: false }));
  expect((await bench.app.retention.policies({ inForce: true })).find((policy) => policy.dataType === 'api_call_metadata')).toMatchObject({ keep: 'P24M', locked: true });
});

test('before the first row of a data type is on record nothing was promised: a shortening needs nobody else', async () => {
  expect(ok(await publish({ dataType: 'api_call_metadata', keep: 'P6M', confirmShortening: true }))).toMatchObject({ changed: true, approvalId: null, effectiveFrom: NOW });
  expect((await purge(bench.app, 'api_call_metadata')).state).toBe('nothing_due');
});

test('a policy of single items goes before all others for them alone', async () => {
  const ids = await writeCalls(bench.app, '2025-11-20', { acme: 4, globex: 4 });
  expect(await publish({ dataType: 'api_call_metadata', keep: 'P24M', itemIds: ['01800000-0000-7000-8000-000000000001'] })).toMatchObject({ code: 'not_found' });
  ok(await publish({ dataType: 'api_call_metadata', keep: 'P24M', itemIds: ids['acme']!.slice(0, 2) }));
  expect(await purge(bench.app, 'api_call_metadata')).toMatchObject({ rowsDeleted: 6n, rowsHeld: 0n });
  expect((await bench.read<{ id: string }>('SELECT request_id AS id FROM calls ORDER BY 1')).map((row) => row.id)).toEqual(ids['acme']!.slice(0, 2));
  const fresh = await writeCalls(bench.app, '2026-06-01', { acme: 3 });
  await shorten(bench, { dataType: 'api_call_metadata', keep: 'P1M', itemIds: [fresh['acme']![1]!] });
  expect(await purge(bench.app, 'api_call_metadata')).toMatchObject({ rowsDeleted: 1n });
  expect(await bench.count('calls')).toBe(4);
});

test('a policy for later takes effect on its day, for purges without waiting for any job', async () => {
  await writeCalls(bench.app, '2025-11-20', { acme: 2 });
  ok(await publish({ dataType: 'api_call_metadata', keep: 'P24M', effectiveFrom: new Date(NOW.getTime() + DAY_MS) }));
  expect((await bench.app.retention.policies())[0]).toMatchObject({ status: 'scheduled' });
  bench.clock.advance(DAY_MS);
  expect(await purge(bench.app, 'api_call_metadata')).toMatchObject({ state: 'nothing_due' });
});
