import { randomUUID } from 'node:crypto';
import { checkProofFile, formatProofFile, parseProofFile, type FileReport, type ProofFile } from '../../src/domain/ledger/index.js';
import { systemActor } from '../../src/kernel/actor.js';
import { mintId } from '../../src/kernel/ids.js';
import { isRefusal } from '../../src/kernel/result.js';
import { ensurePartitions } from '../../src/platform/db/index.js';
import { startTestApi } from '../support/api.js';
import { createTestApp, type TestApp } from '../support/database.js';
import { anEpoch, callsAt, SetClock } from '../support/epochs.js';

const DAY = '2026-03-10', actor = systemActor('test');
let test_: TestApp, clock: SetClock, stop: AbortController, sealing: Promise<void>;
beforeEach(async () => {
  clock = new SetClock(new Date(`${DAY}T06:00:00Z`));
  test_ = await createTestApp({ clock });
  await ensurePartitions(test_.app.database.pool, new Date(`${DAY}T00:00:00Z`), new Date('2026-03-12T00:00:00Z'));
  stop = new AbortController();
  sealing = test_.app.ledger.runSealer(stop.signal);
});
afterEach(async () => { stop.abort(); await sealing; await test_.close(); });

const at = (time: string): string => `${DAY}T${time}:00.000Z`;
async function prove(from = '10:00', to = '11:00', account = 'acme'): Promise<ProofFile> {
  const text = await test_.app.ledger.proveCalls(actor, { account, from: new Date(at(from)), to: new Date(at(to)) }, { purpose: 'dispute_resolution' });
  if (isRefusal(text)) throw new Error(text.message);
  return parseProofFile(text);
}
const check = (file: ProofFile): FileReport => checkProofFile(formatProofFile(file), { trustedKey: test_.app.ledger.verifierKey() });
const wrong = (report: FileReport): string => report.checks.filter((one) => !one.ok).map((one) => one.message).join('; ');
const without = (file: ProofFile, gone: (id: string) => boolean): ProofFile => ({ ...file, records: file.records.filter((one) => !gone(one.id)) });
/** As a superuser can, with the triggers off. */
async function tamper(sql: string, values: unknown[] = []): Promise<void> {
  for (const table of ['calls', 'transfers']) await test_.app.database.pool.query(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
  await test_.app.database.pool.query(sql, values);
}

test('all calls of a window are proven by numbers on both sides of it, while the gateway runs on', async () => {
  const epoch = await anEpoch(test_.app, clock);
  const calls = await callsAt(test_.app, epoch, [at('08:00'), at('09:59'), at('10:00'), at('10:30'), at('10:59'), at('11:00'), at('11:20'), at('12:00')]);
  clock.set(at('13:00'));
  const file = await prove(), report = check(file);
  expect(wrong(report)).toBe('');
  expect(report).toMatchObject({ kind: 'proof that these are all calls', verdict: 'intact', answer: expect.arrayContaining([`acme has 3 calls from ${at('10:00')} to ${at('11:00')} on record. There is no other.`]) as string[] });
  // Shown is what the proof needs and no more: from the last call over before the window to the first well behind it.
  expect(file.records.filter((one) => one.table === 'calls').map((one) => one.id)).toEqual(calls.slice(1, 7).map((one) => one.row.request_id));
  // Any one of them removed, with its proof, is missed: by its number inside, by the statement at the ends.
  for (const { row } of calls.slice(1, 7)) expect([wrong(check(without(file, (id) => id === row.request_id))), row.request_id]).toEqual([expect.stringMatching(/no record|below|file ends/), row.request_id]);
});

test('a call that came before another and got its number later is within the margin that is shown', async () => {
  const epoch = await anEpoch(test_.app, clock);
  // Its body took ten minutes: begun in the window, numbered after a call that began behind it.
  const calls = await callsAt(test_.app, epoch, [at('09:00'), at('10:10'), at('11:05'), at('10:58'), at('11:14'), at('11:15')]);
  clock.set(at('13:00'));
  const file = await prove(), report = check(file);
  expect(report.verdict).toBe('intact');
  expect(report.answer![0]).toContain('acme has 2 calls');
  expect(file.records.map((one) => one.id)).toEqual(expect.arrayContaining(calls.map((one) => one.row.request_id)));
});

test('a closed epoch tells its last number, and that an account had none, without telling of other accounts', async () => {
  const epoch = await anEpoch(test_.app, clock);
  await callsAt(test_.app, epoch, [at('10:10'), at('10:20')]);
  await callsAt(test_.app, epoch, [at('10:15')], 'secretive-ltd');
  clock.set(at('10:40'));
  await epoch.close();
  clock.set(at('13:00'));
  const file = await prove(), report = check(file);
  expect([wrong(report), report.answer![0]]).toEqual(['', `acme has 2 calls from ${at('10:00')} to ${at('11:00')} on record. There is no other.`]);
  expect(formatProofFile(file)).not.toContain('secretive');
  const none = await prove('10:00', '11:00', 'nobody');
  expect([wrong(check(none)), check(none).answer![0]]).toEqual(['', `nobody has 0 calls from ${at('10:00')} to ${at('11:00')} on record. There is no other.`]);
  // The last number said to be another one is not what the epoch committed to.
  const [epochId, proof] = Object.entries(file.lastNumbers)[0]!;
  expect(wrong(check({ ...file, lastNumbers: { [epochId]: { ...proof, number: 1 } } }))).toContain('is not the one its record commits to');
  expect(wrong(check({ ...none, lastNumbers: {} }))).toContain('is not the one its record commits to');
});

test('of a running epoch without a later call the end stays open, and that is said', async () => {
  const epoch = await anEpoch(test_.app, clock);
  await callsAt(test_.app, epoch, [at('10:10')]);
  clock.set(at('13:00'));
  const report = check(await prove());
  expect(report.verdict).toBe('intact');
  expect(report.answer!.join(' ')).toMatch(/has 1 call .*There is no other, but for what is said below.*still running.*\(numbers after 1\) cannot be excluded/);
});

test('a row removed from the database is a number without a record; with its transfer left, even more so', async () => {
  const epoch = await anEpoch(test_.app, clock);
  const calls = await callsAt(test_.app, epoch, [at('09:00'), at('10:10'), at('10:20'), at('10:30'), at('12:00')]);
  clock.set(at('13:00'));
  await epoch.close();
  clock.set('2026-03-11T13:00:00Z');
  await tamper('DELETE FROM calls WHERE request_id = $1', [calls[2]!.row.request_id]);
  expect(wrong(check(await prove()))).toContain('number 3 has a transfer on record, but no call');
  await tamper('DELETE FROM transfers WHERE request_id = $1', [calls[2]!.row.request_id]);
  expect(wrong(check(await prove()))).toMatch(/number 3 has no record, and no certificate or end of the process explains it/);
  // The last ones before a close, too.
  await tamper('DELETE FROM calls WHERE request_id = $1', [calls[4]!.row.request_id]);
  await tamper('DELETE FROM transfers WHERE request_id = $1', [calls[4]!.row.request_id]);
  expect(wrong(check(await prove()))).toContain('number 5 has no record');
});

test('a number given twice is told, with both calls', async () => {
  const epoch = await anEpoch(test_.app, clock);
  const calls = await callsAt(test_.app, epoch, [at('10:10'), at('10:20')]);
  await test_.app.ledger.createRecorder('test').write([{ table: 'calls', row: { ...calls[1]!.row, request_id: mintId(new Date(at('10:25'))), at: new Date(at('10:25')) } }]);
  await callsAt(test_.app, epoch, [at('12:00')]);
  clock.set(at('13:00'));
  expect(wrong(check(await prove()))).toMatch(new RegExp(`number 2 of epoch .* was given to two calls, ${calls[1]!.row.request_id}`));
});

test('an epoch left out is told by the numbers of the others, in the middle and before; at the end by the statement', async () => {
  const ids: string[] = [];
  for (const hour of ['09:00', '10:05', '10:15', '10:45']) { clock.set(at(hour)); const epoch = await anEpoch(test_.app, clock); ids.push(epoch.epochId); await callsAt(test_.app, epoch, [at(`${hour.slice(0, 3)}5${ids.length}`)]); clock.set(new Date(clock.time.getTime() + 3_500_000)); await epoch.close(); }
  clock.set(at('13:00'));
  const file = await prove();
  expect(wrong(check(file))).toBe('');
  expect(check(file).answer!.join(' ')).toContain("is the operator's statement");
  const hide = (epochId: string): string => wrong(check({ ...file, lastNumbers: Object.fromEntries(Object.entries(file.lastNumbers).filter(([id]) => id !== epochId)),
    records: file.records.filter(({ record: { row } }) => row['epoch_id'] !== epochId && row['subject_id'] !== epochId) }));
  expect(hide(ids[2]!)).toContain('an epoch is left out: none has a number between 2 and 4');
  expect(hide(ids[3]!)).toContain('the statement says that epoch 4 is the newest');
  expect(hide(ids[0]!)).toContain('may have been opened before the window');
});

test('an epoch that was open when the window began is known from the one opened after it, however long ago it began', async () => {
  clock.set('2026-03-10T01:00:00Z');
  const old = await anEpoch(test_.app, clock);
  await callsAt(test_.app, old, [at('10:10')]);
  for (const hour of ['02:00', '03:00']) { clock.set(at(hour)); const epoch = await anEpoch(test_.app, clock); clock.set(at('04:00')); await epoch.close(); }
  clock.set(at('12:00'));
  await old.close();
  clock.set(at('13:00'));
  const file = await prove();
  expect([wrong(check(file)), check(file).answer![0]]).toEqual(['', `acme has 1 call from ${at('10:00')} to ${at('11:00')} on record. There is no other.`]);
  expect(wrong(check({ ...file, lastNumbers: {}, records: file.records.filter(({ record: { row } }) => row['epoch_id'] !== old.epochId) }))).not.toBe('');
});

test('of an epoch that died, numbers without any record are explained by that, and a call under way is not called missing', async () => {
  const epoch = await anEpoch(test_.app, clock);
  await callsAt(test_.app, epoch, [at('10:10')]);
  epoch.next('acme');
  const [open] = await callsAt(test_.app, epoch, [at('10:30')]);
  await tamper('DELETE FROM calls WHERE request_id = $1', [open!.row.request_id]);
  await callsAt(test_.app, epoch, [at('10:50')]);
  clock.set(at('10:55'));
  expect(check(await prove()).answer!.join(' ')).toMatch(/number 2 has no record yet: the call was being admitted.*number 3 has a transfer on record and no call yet/);
  clock.set(at('11:10'));
  await test_.app.act(actor, (tx) => test_.app.ledger.append(tx, { action: 'epoch.lost', subjectKind: 'epoch', subjectId: epoch.epochId, after: {} }));
  expect(check(await prove()).answer!.join(' ')).toMatch(/that it gave no number after 4 is not on record.*number 2 has no record: the process died before it could write one/);
});

test('purged calls are counted as such, up to as many as certificates of that time removed', async () => {
  const epoch = await anEpoch(test_.app, clock);
  const calls = await callsAt(test_.app, epoch, [at('09:00'), at('10:10'), at('10:20'), at('10:30'), at('12:00')]);
  clock.set(at('13:00'));
  await epoch.close();
  const purged = calls.slice(1, 3).map((one) => one.row.request_id);
  await tamper('DELETE FROM calls WHERE request_id = ANY($1)', [purged]);
  await tamper('DELETE FROM transfers WHERE request_id = ANY($1)', [purged]);
  expect(check(await prove()).verdict).toBe('altered');
  const certify = (rows: number, from: string, to: string) => test_.app.act(actor, (tx) => test_.app.ledger.append(tx, { action: 'purge.certify', subjectKind: 'purge_run', subjectId: randomUUID(),
    after: { certificate_id: 'c-1', removed: [{ table: 'calls', rows, min_at: at(from), max_at: at(to) }] } }));
  await certify(1, '10:05', '10:40');
  expect(check(await prove()).verdict).toBe('altered');
  await certify(7, '06:00', '06:30');
  expect(check(await prove()).verdict).toBe('altered');
  await certify(1, '10:05', '10:40');
  const report = check(await prove());
  expect([wrong(report), report.answer![0]]).toEqual(['', `acme has 1 call from ${at('10:00')} to ${at('11:00')} on record, besides up to 2 that were purged with certificate. There is no other.`]);
});

test('that there is no call with an id is proven for an account; that there is one, by its record', async () => {
  const epoch = await anEpoch(test_.app, clock);
  const [call] = await callsAt(test_.app, epoch, [at('10:10'), at('12:00')]);
  clock.set(at('13:00'));
  const claimed = mintId(new Date(at('10:20')));
  const file = parseProofFile(await test_.app.ledger.proveCalls(actor, { account: 'acme', callId: claimed }, { purpose: 'dispute_resolution' }) as string);
  expect([wrong(check(file)), check(file).kind, check(file).answer![0]]).toEqual(['', 'proof that there is no such call', `acme has no call with the id ${claimed}.`]);
  expect(wrong(check({ ...file, question: { ...file.question, id: String(call!.row.request_id) } as ProofFile['question'] }))).not.toBe('');
  const proof = parseProofFile(await test_.app.ledger.proveCalls(actor, { callId: String(call!.row.request_id) }, { purpose: 'dispute_resolution' }) as string);
  expect([wrong(check(proof)), proof.records.map((one) => one.table)]).toEqual(['', ['calls', 'transfers']]);
  expect(await test_.app.ledger.proveCalls(actor, { callId: claimed }, { purpose: 'billing' })).toMatchObject({ code: 'not_found' });
  expect(await test_.app.ledger.proveCalls(actor, { account: 'acme', callId: 'chatcmpl-7' }, { purpose: 'billing' })).toMatchObject({ code: 'invalid_request' });
});

test('a change of any byte of the file is refused, and a stranger\'s key is told', async () => {
  const epoch = await anEpoch(test_.app, clock);
  await callsAt(test_.app, epoch, [at('10:10'), at('12:00')]);
  clock.set(at('13:00'));
  const bytes = Buffer.from(formatProofFile(await prove())), trustedKey = test_.app.ledger.verifierKey();
  expect(checkProofFile(bytes.toString(), { trustedKey }).verdict).toBe('intact');
  for (let byte = 0; byte < bytes.length - 1; byte += 3) {
    const changed = Buffer.from(bytes);
    changed[byte]! ^= 1 << (byte % 7);
    const report = checkProofFile(changed.toString(), { trustedKey });
    expect([byte, report.verdict, wrong(report).length > 10]).toEqual([byte, expect.stringMatching(/altered|unreadable/), true]);
  }
  expect(wrong(checkProofFile(bytes.toString(), { trustedKey: trustedKey.replace(/\+.*/, '+00000000+AA==') }))).toContain('the file does not rest on the key you trust');
});

test('over the API and on the command line the same file comes, byte for byte one that verifies', async () => {
  const epoch = await anEpoch(test_.app, clock), api = await startTestApi(test_.app);
  const [call] = await callsAt(test_.app, epoch, [at('10:10'), at('12:00')]);
  clock.set(at('13:00'));
  try {
    const client = await api.as('support_agent'), trustedKey = test_.app.ledger.verifierKey();
    const answer = await client.get(`/completeness?account=acme&from=${at('10:00')}&to=${at('11:00')}`, { 'x-holdfast-purpose': 'dispute_resolution' });
    expect(answer.status).toBe(200);
    expect(checkProofFile(answer.bytes.toString(), { trustedKey })).toMatchObject({ verdict: 'intact', kind: 'proof that these are all calls' });
    expect(checkProofFile((await client.get(`/completeness?call=${call!.row.request_id}`)).bytes.toString(), { trustedKey }).kind).toBe('proof that a call is on record');
    expect(await client.get('/completeness?account=acme')).toMatchObject({ status: 400, body: { error: { code: 'invalid_request', field: 'query.account' } } });
    expect((await client.get(`/completeness?call=${mintId(new Date(at('10:20')))}`)).status).toBe(404);
    expect((await (await api.as('administrator')).get(`/completeness?account=acme&from=${at('10:00')}&to=${at('11:00')}`)).status).toBe(403);
    const { rows } = await test_.app.database.reader.query("SELECT purpose FROM audit_records WHERE action = 'completeness.state'");
    expect(rows).toEqual([{ purpose: 'dispute_resolution' }]);
  } finally { await api.close(); }
});

test('an operator who states other numbers than were given is caught: by the close, by the call before, by the epoch that is not named', async () => {
  const epoch = await anEpoch(test_.app, clock);
  const calls = await callsAt(test_.app, epoch, [at('10:10'), at('10:20')]);
  clock.set(at('10:40'));
  await epoch.close();
  clock.set(at('13:00'));
  const honest = await prove();
  /** The file as it would be with another statement on record, and only the calls it still speaks of. */
  const lying = async (epochs: { epoch: string; first: number; last: number }[]): Promise<string> => {
    const { kind, account, from, to } = honest.question as { kind: string; account: string; from: string; to: string };
    const id = await test_.app.act(actor, (tx) => test_.app.ledger.append(tx, { action: 'completeness.state', subjectKind: 'account', subjectId: 'acme', after: { kind, account, from, to, newest_epoch: 1, epochs } }));
    const shown = epochs.flatMap(({ first, last }) => calls.slice(Math.max(first, 1) - 1, last).map((call) => call.row.request_id));
    const refs = [{ table: 'audit_records' as const, id }, ...honest.records.filter((one) => one.record.row['action'] !== 'completeness.state' && (one.table !== 'calls' || shown.includes(one.id))).map(({ table, id: known }) => ({ table, id: known }))];
    await test_.app.ledger.sealOnce();
    const { checkpoint, proofs } = await test_.app.ledger.proveRecords(refs);
    return wrong(check({ ...honest, checkpoint: checkpoint!.note, records: proofs.map((proof) => ({ ...proof, leafIndex: proof.leafIndex! })) }));
  };
  expect(await lying([{ epoch: epoch.epochId, first: 1, last: 2 }])).toBe('');
  expect(await lying([{ epoch: epoch.epochId, first: 1, last: 1 }])).toContain('the last number on record is 2, and the file ends with 1');
  expect(await lying([{ epoch: epoch.epochId, first: 2, last: 2 }])).toContain('numbers below 2 may belong to the window');
  expect(await lying([{ epoch: epoch.epochId, first: 0, last: 0 }])).toContain('the last number on record is 2, and the file ends with 0');
  expect(await lying([])).toContain('the statement says nothing about epoch');
});
