import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCli } from '../../../src/entrypoints/cli/cli.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { anEpoch, callsAt, type Numbered } from '../../support/epochs.js';

let test_: TestApp, calls: Numbered[], stop: AbortController, sealing: Promise<void>;
const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const WINDOW = { from: minutesAgo(90), to: minutesAgo(30) };
beforeAll(async () => {
  // What stands on record was written two hours ago; the commands ask about it now.
  const clock = { now: () => new Date(Date.now() - 7_200_000) };
  test_ = await createTestApp({ clock });
  const epoch = await anEpoch(test_.app, clock);
  calls = await callsAt(test_.app, epoch, [minutesAgo(80), minutesAgo(40), minutesAgo(5)]);
  stop = new AbortController();
  sealing = test_.app.ledger.runSealer(stop.signal);
});
afterAll(async () => { stop.abort(); await sealing; await test_.close(); });

async function cli(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '', err = '';
  const env = { HOLDFAST_HOME: test_.home, DATABASE_URL: test_.databaseUrl, REDIS_URL: process.env['TEST_REDIS_URL'] };
  const code = await runCli(argv, env, { out: (text) => { out += text; }, err: (text) => { err += text; } });
  return { code, out, err };
}
const file = (name: string): string => join(test_.home, name);

test('all calls of a window are written to a file of one\'s own that verifies, and a changed one does not', async () => {
  const made = await cli('prove', '--account', 'acme', '--from', WINDOW.from, '--to', WINDOW.to, '--out', file('all.json'));
  expect(made).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^verdict {2}intact\n.*acme has 2 calls from .* There is no other\./s) as string });
  expect(statSync(file('all.json')).mode & 0o777).toBe(0o600);
  expect(await cli('verify', file('all.json'), '--trusted-key', test_.app.ledger.verifierKey())).toMatchObject({ code: 0, out: expect.stringContaining(made.out.slice(made.out.indexOf('\n\n'))) as string });
  writeFileSync(file('cut.json'), readFileSync(file('all.json'), 'utf8').replace('"completed"', '"cancelled"'));
  expect(await cli('verify', file('cut.json'))).toMatchObject({ code: 3, out: expect.stringContaining('WRONG  log inclusion: calls ') as string });
});

test('one call is proven, or that there is none of an account; a question half asked is wrong usage', async () => {
  const id = String(calls[0]!.row.request_id), other = `${id.slice(0, -4)}0000`;
  expect(await cli('prove', '--call', id, '--out', file('one.json'))).toMatchObject({ code: 0, out: expect.stringContaining(`The call ${id} is on record as leaf `) as string });
  expect(await cli('prove', '--call', other, '--account', 'acme', '--out', file('none.json'), '--json')).toMatchObject({ code: 0, out: expect.stringContaining(`acme has no call with the id ${other}`) as string });
  expect(await cli('prove', '--call', other, '--out', file('no.json'))).toMatchObject({ code: 1, err: expect.stringContaining('name the account') as string });
  for (const argv of [['--account', 'acme'], ['--account', 'acme', '--from', 'monday', '--to', WINDOW.to], ['--call', id, '--from', WINDOW.from]]) expect((await cli('prove', ...argv, '--out', file('no.json'))).code).toBe(2);
  expect(existsSync(file('no.json'))).toBe(false);
});

test('the log goes on under a new key, and who keeps the old one gets there by the published list', async () => {
  const first = test_.app.ledger.verifierKey(), answer = JSON.parse((await cli('key', 'rotate-log', '--reason', 'yearly', '--json')).out) as { verifier_key: string; before: string };
  expect(answer).toMatchObject({ before: first, verifier_key: expect.stringMatching(/^holdfast\.local\/log\+/) as string });
  expect(answer.verifier_key).not.toBe(first);
  expect(await cli('prove', '--call', String(calls[1]!.row.request_id), '--out', file('after.json'))).toMatchObject({ code: 0 });
  expect(await cli('verify', file('after.json'), '--trusted-key', first)).toMatchObject({ code: 0, out: expect.stringContaining('The log key is the one you trust, or was handed over by it.') as string });
  // Publication follows the sealing that the proof waited for.
  while (!readFileSync(join(test_.home, 'log', 'keys'), 'utf8').includes('key hand-over')) await sleep(20);
  expect(await cli('verify', join(test_.home, 'log'), '--trusted-key', first)).toMatchObject({ code: 0, out: expect.stringContaining('hand-overs: Each of the 1 hand-overs') as string });
  const { code, out } = await cli('verify');
  expect([code, out]).toEqual([0, expect.stringMatching(/verdict +intact.*anchored by +published .*\/log\/checkpoint/s)]);
});

test('paths that cannot be read, and files that are none of ours', async () => {
  expect(await cli('verify', file('nowhere'))).toMatchObject({ code: 1, err: expect.stringContaining('cannot be read (ENOENT)') as string });
  writeFileSync(file('letter.txt'), 'Dear Sir\n');
  expect((await cli('verify', file('letter.txt'))).code).toBe(3);
  expect((await cli('verify', file('letter.txt'), '--keys', file('letter.txt'))).code).toBe(2);
});
