import type { PlaceHoldInput, PolicyInput } from '../../src/domain/retention/index.js';
import type { Actor } from '../../src/kernel/actor.js';
import { DATA_TYPES } from '../../src/kernel/data-types.js';
import { ok, person, system } from '../support/registry.js';
import { approve } from '../support/approvals.js';
import { createRetentionBench, purge, shorten, writeCalls, type RetentionBench } from '../support/retention.js';

let bench: RetentionBench;
const open = async (): Promise<void> => { bench = await createRetentionBench({ HOLDFAST_TIME_ZONE: 'Asia/Shanghai' }); };
const close = (): Promise<void> => bench.close();

const publish = (input: PolicyInput, actor: Actor = system) => bench.app.act(actor, (tx) => bench.app.retention.publishPolicy(tx, input));
const place = (over: Partial<PlaceHoldInput> = {}, actor: Actor = system) => bench.app.act(actor, (tx) => bench.app.retention.placeHold(tx, { accountId: 'acme', matter: 'Dispute 7', requester: 'Acme', basis: 'dispute', reviewOn: '2027-01-01', ...over }));
const release = (holdId: string, reason = 'settled', actor: Actor = system) => bench.app.act(actor, (tx) => bench.app.retention.releaseHold(tx, holdId, reason));
const records = (action: string): Promise<{ actor_name: string; reason: string | null; before: unknown; after: Record<string, unknown> }[]> => bench.read('SELECT actor_name, reason, before, after FROM audit_records WHERE action = $1 ORDER BY record_id', [action]);

describe('policies', () => {
  beforeEach(open);
  afterEach(close);
  test('every data type has the product default, once, and defaults never replace what an officer published', async () => {
    ok(await publish({ dataType: 'security_logs', keep: 'P24M' }));
    expect(await bench.app.act(system, (tx) => bench.app.retention.ensureDefaultPolicies(tx))).toBe(0);
    const policies = await bench.app.retention.policies({ inForce: true });
    expect(policies.map((policy) => policy.dataType).sort()).toEqual([...DATA_TYPES].sort());
    expect(policies.find((policy) => policy.dataType === 'security_logs')).toMatchObject({ keep: 'P24M', version: 2 });
    expect(policies.find((policy) => policy.dataType === 'payment_records')).toMatchObject({ keep: 'P10Y', startsAt: 'fiscal-year-end', source: 'product default', version: 1 });
    expect(policies.find((policy) => policy.dataType === 'account_information')).toMatchObject({ keep: 'P6M', startsAt: 'account-closed' });
  });

  test('publishing what is in force changes nothing and leaves no record', async () => {
    const before = await records('policy.publish');
    expect(ok(await publish({ dataType: 'api_call_metadata', keep: 'P12M' }))).toMatchObject({ changed: false, version: 1 });
    expect(ok(await publish({ dataType: 'account_information', keep: 'P6M', startsAt: 'account-closed' }))).toMatchObject({ changed: false });
    expect(await records('policy.publish')).toEqual(before);
  });

  test('a new version supersedes the old one from now on, and the record shows both and who', async () => {
    const officer = person('compliance_officer');
    expect(ok(await publish({ dataType: 'api_call_metadata', keep: 'P18M', source: 'contract' }, officer))).toMatchObject({ changed: true, version: 2 });
    const versions = (await bench.app.retention.policies()).filter((policy) => policy.dataType === 'api_call_metadata');
    expect(versions).toMatchObject([{ version: 2, keep: 'P18M', status: 'in_force', publishedBy: 'Pat', source: 'contract', purpose: versions[1]!.purpose }, { version: 1, status: 'superseded', supersededAt: versions[0]!.effectiveFrom }]);
    expect((await records('policy.publish')).find((record) => record.after['keep'] === 'P18M')).toMatchObject({ actor_name: 'Pat', before: { keep: 'P12M', version: 1 }, after: { keep: 'P18M', version: 2 } });
  });

  test('shortening is refused until it is confirmed, and then a second person sees the counts, approves, and it takes effect a week later', async () => {
    await writeCalls(bench.app, '2026-03-01', { acme: 3 });
    expect(await publish({ dataType: 'api_call_metadata', keep: 'P7M' })).toMatchObject({ refused: true, code: 'confirmation_required', field: 'confirmShortening', message: expect.stringContaining('3 rows would be due at the next run, now 0') });
    const asked = ok(await publish({ dataType: 'api_call_metadata', keep: 'P7M', confirmShortening: true }));
    expect(asked).toMatchObject({ changed: false, version: 1, approvalId: expect.any(String) });
    expect(await bench.app.security.approval(asked.approvalId!)).toMatchObject({ state: 'pending', action: 'policy.shorten', proposal: { keep: 'P7M', shortens: { keep: 'P12M' } }, preview: { rows_due_before: '0', rows_due_after: '3' } });
    // Asked again it is the same request; another period for the same scope waits until that one is decided.
    expect(ok(await publish({ dataType: 'api_call_metadata', keep: 'P7M', confirmShortening: true })).approvalId).toBe(asked.approvalId);
    expect(await publish({ dataType: 'api_call_metadata', keep: 'P8M', confirmShortening: true })).toMatchObject({ code: 'conflict' });
    await approve(bench.app, asked.approvalId!);
    const [scheduled] = await bench.app.retention.policies();
    expect(scheduled).toMatchObject({ keep: 'P7M', version: 2, status: 'scheduled', shortens: true, approvalId: asked.approvalId, effectiveFrom: new Date('2026-12-01T12:00:00Z') });
    expect((await bench.app.retention.policies({ inForce: true })).find((policy) => policy.dataType === 'api_call_metadata')).toMatchObject({ keep: 'P12M' });
    expect((await purge(bench.app, 'api_call_metadata')).state).toBe('nothing_due');
    bench.clock.advance(7 * 86_400_000);
    expect((await bench.app.retention.policies({ inForce: true })).find((policy) => policy.dataType === 'api_call_metadata')).toMatchObject({ keep: 'P7M' });
    await bench.app.retention.jobs.find((job) => job.name === 'follow-policies')!.run('');
    expect((await bench.app.retention.policies()).filter((policy) => policy.dataType === 'api_call_metadata').map((policy) => [policy.version, policy.status])).toEqual([[2, 'in_force'], [1, 'superseded']]);
    expect((await records('policy.publish')).find((record) => record.after['keep'] === 'P7M')!.after).toMatchObject({ shortening: { rows_due_before: '0', rows_due_after: '3' } });
    // A narrower policy that is shorter than the one that governs now shortens as well.
    expect(await publish({ dataType: 'api_call_metadata', accountId: 'acme', keep: 'P6M' })).toMatchObject({ code: 'confirmation_required' });
    expect(await publish({ dataType: 'api_call_metadata', jurisdiction: 'DE', keep: 'P6M' })).toMatchObject({ code: 'confirmation_required' });
    ok(await publish({ dataType: 'api_call_metadata', jurisdiction: 'DE', keep: 'P9M' }));
  });

  test('after a policy for China, a shorter one for all the others may be published', async () => {
    ok(await publish({ dataType: 'api_call_metadata', jurisdiction: 'CN', keep: 'P12M' }));
    await writeCalls(bench.app, '2026-06-01', { acme: 2, zh: 3 });
    await shorten(bench, { dataType: 'api_call_metadata', keep: 'P3M' });
    expect(await purge(bench.app, 'api_call_metadata')).toMatchObject({ state: 'certified', rowsDeleted: 2n });
  });
});

describe('explain', () => {
  beforeEach(open);
  afterEach(close);
  test('names policy, minimum, date and what stops it, by the calendar of the operator', async () => {
    ok(await place());
    const answer = await bench.app.retention.explain({ dataType: 'api_call_metadata', createdAt: new Date('2026-01-30T17:00:00Z'), accountId: 'zh', jurisdiction: 'CN' });
    expect(answer).toMatchObject({ policy: { keep: 'P12M', version: 1 }, retainUntil: new Date('2026-07-30T17:00:00Z'), deleteAt: new Date('2027-01-30T17:00:00Z'), minimums: [{ id: 'metadata-cn', keep: 'P6M' }], holds: [] });
    expect((await bench.app.retention.explain({ dataType: 'api_call_metadata', createdAt: new Date(), accountId: 'acme' })).holds).toMatchObject([{ matter: 'Dispute 7' }]);
  });

  test('says what an item waits for', async () => {
    const account = { dataType: 'account_information', createdAt: new Date('2026-01-01T00:00:00Z'), accountId: 'acme' } as const;
    expect(await bench.app.retention.explain(account)).toMatchObject({ deleteAt: null, waitingFor: 'account-closed' });
    ok(await bench.app.act(system, (tx) => bench.app.billing.closeAccount(tx, 'acme', 'left')));
    expect(await bench.app.retention.explain(account)).toMatchObject({ deleteAt: new Date('2027-05-24T12:00:00Z') });
    expect(await bench.app.retention.explain({ dataType: 'payment_records', createdAt: new Date() })).toMatchObject({ deleteAt: null, waitingFor: 'fiscal-year-end' });
  });

  test('expired rows can be hidden at once: the cut-off of all, and of an account', async () => {
    expect(await bench.app.retention.readCutOff('api_call_metadata')).toEqual(new Date('2025-11-24T12:00:00Z'));
    ok(await publish({ dataType: 'api_call_metadata', accountId: 'acme', keep: 'P24M' }));
    bench.clock.advance(6_000);
    expect(await bench.app.retention.readCutOff('api_call_metadata', 'acme')).toEqual(new Date('2024-11-24T12:00:06Z'));
    expect(await bench.app.retention.readCutOff('payment_records')).toEqual(new Date('2016-11-24T12:00:06Z'));
  });
});

describe('holds', () => {
  beforeEach(open);
  afterEach(close);
  test('the same matter twice is one hold; another matter is another; each has its record', async () => {
    const { holdId } = ok(await place());
    expect(ok(await place())).toEqual({ holdId, changed: false, alreadyRemoved: [] });
    expect(ok(await place({ matter: 'Order 12' }))).toMatchObject({ changed: true });
    expect(ok(await place({ dataTypes: ['security_logs'] }))).toMatchObject({ changed: true });
    expect(await records('hold.place')).toHaveLength(3);
    expect((await records('hold.place'))[0]).toMatchObject({ reason: 'Dispute 7', after: { account_id: 'acme', data_types: null, review_on: '2027-01-01' } });
    expect(await bench.app.retention.holdsFor('acme')).toHaveLength(3);
    expect(await bench.app.retention.holdsFor('acme', 'payment_records')).toHaveLength(2);
    expect(await bench.app.retention.holdsFor('globex')).toEqual([]);
  });

  test('a release is approved by a second person, deletes nothing and protects for thirty more days', async () => {
    const { holdId } = ok(await place());
    const asked = ok(await release(holdId));
    expect(asked).toEqual({ holdId, changed: true, protectsUntil: null, approvalId: expect.any(String) });
    expect(ok(await release(holdId))).toMatchObject({ changed: false, approvalId: asked.approvalId });
    expect(await bench.app.retention.holdsFor('acme')).toMatchObject([{ holdId, releasedAt: null }]);
    await approve(bench.app, asked.approvalId!);
    expect(ok(await release(holdId))).toEqual({ holdId, changed: false, protectsUntil: new Date('2026-12-24T12:00:00Z'), approvalId: null });
    expect(await bench.app.retention.holdsFor('acme')).toMatchObject([{ holdId, releasedBy: 'Grace' }]);
    bench.clock.advance(31 * 86_400_000);
    expect(await bench.app.retention.holdsFor('acme')).toEqual([]);
    expect(await bench.app.retention.holds()).toHaveLength(1);
    expect(await records('hold.release')).toHaveLength(1);
    // Held again later, it is a new hold.
    expect(ok(await place())).toMatchObject({ changed: true });
  });
});

describe('refusals', () => {
  beforeAll(open);
  afterAll(close);

  test.each<[string, PolicyInput, string, string]>([
    ['a period below a floor everywhere', { dataType: 'third_party_call_records', keep: 'P2Y', confirmShortening: true }, 'conflict', 'PIPL art. 56'],
    ['a period for all below the floor of an account in China', { dataType: 'api_call_metadata', keep: 'P3M', confirmShortening: true }, 'conflict', 'for jurisdiction CN first'],
    ['a period for an account in China below its floor', { dataType: 'api_call_metadata', accountId: 'zh', keep: 'P3M', confirmShortening: true }, 'conflict', 'Cybersecurity Law'],
    ['content above its ceiling', { dataType: 'input_content', keep: 'P31D' }, 'conflict', 'P30D'],
    ['something that is no period', { dataType: 'security_logs', keep: 'one year' }, 'invalid_request', 'P12M'],
    ['more than a hundred years', { dataType: 'security_logs', keep: 'P101Y' }, 'invalid_request', 'P100Y'],
    ['a clock the data type does not have', { dataType: 'payment_records', keep: 'P10Y', startsAt: 'created' }, 'invalid_request', 'fiscal-year-end'],
    ['an account and a jurisdiction at once', { dataType: 'security_logs', keep: 'P12M', accountId: 'acme', jurisdiction: 'DE' }, 'invalid_request', 'not for both'],
    ['an account there is not', { dataType: 'security_logs', keep: 'P12M', accountId: 'nobody' }, 'not_found', 'nobody'],
    ['a jurisdiction there is not', { dataType: 'security_logs', keep: 'P12M', jurisdiction: 'de' }, 'invalid_request', '3166'],
  ])('%s is refused, and nothing is written', async (_, input, code, message) => {
    const before = await bench.count('audit_records');
    expect(await publish(input)).toMatchObject({ refused: true, code, message: expect.stringContaining(message) });
    expect(await bench.count('audit_records')).toBe(before);
  });

  test('who may not publish is refused', async () => {
    for (const role of ['auditor', 'support_agent', 'approver', 'administrator'] as const) expect(await publish({ dataType: 'security_logs', keep: 'P18M' }, person(role))).toMatchObject({ code: 'forbidden' });
  });

  test.each<[string, Partial<PlaceHoldInput>, string, string]>([
    ['without a matter', { matter: '  ' }, 'invalid_request', 'matter'], ['without a basis', { basis: '' }, 'invalid_request', 'basis'],
    ['with a review date that is none', { reviewOn: '2027-13-01' }, 'invalid_request', 'reviewOn'], ['on no data type', { dataTypes: [] }, 'invalid_request', 'dataTypes'],
    ['on an account there is not', { accountId: 'nobody' }, 'not_found', 'accountId'],
  ])('a hold %s is refused', async (_, over, code, field) => { expect(await place(over)).toMatchObject({ refused: true, code, field }); });

  test('who may not hold is refused, to release too', async () => {
    const { holdId } = ok(await place());
    expect(await place({ matter: 'x' }, person('auditor', 'approver'))).toMatchObject({ code: 'forbidden' });
    expect(await release(holdId, 'x', person('administrator'))).toMatchObject({ code: 'forbidden' });
    expect(await release(holdId, ' ')).toMatchObject({ code: 'invalid_request' });
    expect(await release('01900000-0000-7000-8000-000000000000')).toMatchObject({ code: 'not_found' });
    expect(await bench.app.act(person('auditor'), (tx) => bench.app.retention.planPurge(tx, 'security_logs', 'x'))).toMatchObject({ code: 'forbidden' });
  });
});
