import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../../../src/entrypoints/cli/cli.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { evidenceWorld } from '../../support/evidence.js';
import { registryOf } from '../../support/registry.js';

let test_: TestApp;
let requestId = '';
beforeAll(async () => {
  test_ = await createTestApp();
  requestId = await (await evidenceWorld(test_.app)).makeCall({ attempts: 2 });
  await test_.app.ledger.sealOnce();
});
afterAll(async () => { await test_.close(); });
const { audit } = registryOf(() => test_);

async function cli(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '', err = '';
  const env = { HOLDFAST_HOME: test_.home, DATABASE_URL: test_.databaseUrl, REDIS_URL: process.env['TEST_REDIS_URL'] };
  const code = await runCli(argv, env, { out: (text) => { out += text; }, err: (text) => { err += text; } });
  return { code, out, err };
}

test('a call is found by our id, the provider\'s and the client\'s, and each look is on record with its purpose', async () => {
  for (const id of [requestId, 'req_openai_7', 'client-42']) expect(await cli('lookup', id)).toMatchObject({ code: 0, out: expect.stringMatching(new RegExp(`^request id +${requestId}`)) as string });
  await cli('lookup', requestId, '--purpose', 'billing');
  const { rows } = await test_.app.database.reader.query(`SELECT purpose, count(*)::int AS n FROM audit_records WHERE action = 'call.view' AND subject_id = $1 GROUP BY 1 ORDER BY 1`, [requestId]);
  expect(rows).toEqual([{ purpose: 'billing', n: 1 }, { purpose: 'troubleshooting', n: 3 }]);
});

test('explaining a call works its charge out again line by line and tells transfers, retention, hold and proof', async () => {
  const { out } = await cli('lookup', requestId, '--explain');
  expect(out).toMatch(/^total 0\.00536 USD, as on record$/m);
  expect(out).toMatch(/^input +\d+ +× +2\.00 +=  ?0\.\d+$/m);
  expect(out).toMatch(/^price \S+: \S+ at \S+ from 2026-01-01, version 1, set by hand$/m);
  expect(out).toMatch(/^usage as the provider reported it$/m);
  expect(out).toMatch(/^each line is units × price ÷ 1,000,000, rounded half up to a millionth of USD; the total is their sum$/m);
  expect(out).toMatch(/OpenAI OpCo, LLC +DE +US +yes +\S+ +2026-01-01 +answered/);
  expect(out).toMatch(/rejected/);
  expect(out).toMatch(/^api_call_metadata +yes +P12M from created/m);
  expect(out).toMatch(/^held: Case 4711/m);
  expect(out).toMatch(/^5 of 5 records are in the log/m);
});

test('as JSON the story is the one the API tells', async () => {
  const { out } = await cli('lookup', requestId, '--json');
  expect(JSON.parse(out)).toMatchObject({ request_id: requestId, cost_micros: 5360, charge: { matches_record: true }, transfers: [{}, {}] });
});

test('a pack is written for its owner alone, verifies, and its handing out is on record', async () => {
  const file = join(test_.home, 'pack.pdf');
  writeFileSync(file, 'an older one', { mode: 0o644 });
  const made = await cli('pack', requestId, '--out', file, '--reason', 'Was it charged right?', '--json');
  expect(made).toMatchObject({ code: 0, err: '' });
  const { pack_id: packId, bytes } = JSON.parse(made.out) as { pack_id: string; bytes: number };
  expect(statSync(file)).toMatchObject({ size: bytes });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await audit(packId)).length).toBeGreaterThanOrEqual(2);
  expect(await cli('verify', file)).toMatchObject({ code: 0, out: expect.stringMatching(/^verdict +intact/) as string });

  const changed = readFileSync(file);
  changed[Math.floor(changed.length / 2)]! ^= 1;
  writeFileSync(file, changed);
  const found = await cli('verify', file);
  expect(found).toMatchObject({ code: 3, out: expect.stringMatching(/^WRONG /m) as string });
  expect(JSON.parse((await cli('verify', file, '--json')).out)).toMatchObject({ verdict: 'altered' });
}, 120_000);

test('what is no pack is told so with exit code 3, what is not there with 1', async () => {
  const file = join(test_.home, 'text.pdf');
  writeFileSync(file, 'not a PDF');
  expect(await cli('verify', file)).toMatchObject({ code: 3, out: expect.stringMatching(/^verdict +unreadable/) as string });
  expect(await cli('verify', join(test_.home, 'nothere.pdf'))).toMatchObject({ code: 1, err: expect.stringContaining('cannot be read (ENOENT)') as string });
});

test('a pack of no call, or without a place to write it to, is refused', async () => {
  expect(await cli('pack', 'nobody-knows', '--out', join(test_.home, 'x.pdf'))).toMatchObject({ code: 1 });
  expect(await cli('pack', requestId)).toMatchObject({ code: 2, err: expect.stringContaining('--out is missing') as string });
  expect(await cli('pack', requestId, '--out', 'x', '--language', 'fr')).toMatchObject({ code: 2 });
});
