import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemActor } from '../../src/kernel/actor.js';
import { reportText } from '../../src/entrypoints/offline/print-report.js';
import { verifyFile } from '../../src/entrypoints/offline/verify-file.js';
import { createTestApp, type TestApp } from '../support/database.js';
import { evidenceWorld, packBytes } from '../support/evidence.js';
import { writeBatches } from '../support/ledger.js';
import { flip } from '../support/tamper.js';

let test_: TestApp, folder: string, key: string;
let requestId: string;
interface Input { readonly name: string; readonly verdict: string }
const inputs: Input[] = [];
function put(name: string, bytes: Buffer | string, verdict: string): Input { writeFileSync(join(folder, name), bytes); return inputs[inputs.push({ name, verdict }) - 1]!; }

/** The verifier in a folder of its own, beside nothing but what it shall judge; of everything a pack, a proof, a checkpoint and a log. */
beforeAll(async () => {
  test_ = await createTestApp();
  folder = mkdtempSync(join(tmpdir(), 'holdfast-offline-'));
  const bundled = spawnSync(process.execPath, ['--input-type=module', '-e', `const { bundleVerifier } = await import(${JSON.stringify(resolve('bin/lib/verifier-bundle.mjs'))}); await bundleVerifier(${JSON.stringify(join(folder, 'verify.mjs'))});`], { encoding: 'utf8' });
  expect([bundled.status, bundled.stderr]).toEqual([0, '']);
  const world = await evidenceWorld(test_.app), stop = new AbortController();
  requestId = await world.makeCall({ attempts: 2 });
  await writeBatches(test_.app, [300]);
  const sealing = test_.app.ledger.runSealer(stop.signal);
  let proof: string;
  try { proof = await test_.app.ledger.proveCalls(systemActor('test'), { callId: requestId }, { purpose: 'dispute_resolution' }) as string; } finally { stop.abort(); await sealing; }
  key = test_.app.ledger.verifierKey();
  const log = join(test_.home, 'log');
  put('proof.json', proof, 'intact');
  put('proof-changed.json', proof.replace('"completed"', '"cancelled"'), 'altered');
  put('proof-cut.json', proof.slice(0, -100), 'unreadable');
  put('checkpoint', readFileSync(join(log, 'checkpoint')), 'intact');
  put('checkpoint-changed', readFileSync(join(log, 'checkpoint'), 'utf8').replace(/\n(\d+)\n/, (_, size: string) => `\n${Number(size) + 1}\n`), 'altered');
  put('letter.txt', 'Dear Sir or Madam,\n', 'unreadable');
  cpSync(log, join(folder, 'log'), { recursive: true });
  cpSync(log, join(folder, 'log-changed'), { recursive: true });
  const tile = join(folder, 'log-changed', 'tile', '0', '000');
  writeFileSync(tile, flip(readFileSync(tile), 77));
  mkdirSync(join(folder, 'empty'));
  inputs.push({ name: 'log', verdict: 'intact' }, { name: 'log-changed', verdict: 'altered' }, { name: 'empty', verdict: 'unreadable' });
}, 60_000);
afterAll(async () => { await test_.close(); });

/** As a stranger runs it: no environment, no modules above, and network calls would end it. */
function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['verify.mjs', ...args], { cwd: folder, env: {}, encoding: 'utf8' });
}

test('the verifier alone in a folder says of every file what the product says, in the same words', async () => {
  expect(readdirSync(folder)).not.toContain('node_modules');
  for (const input of inputs) await agree(input);
}, 60_000);

test('of a pack as well, but for the printing, which it says it left out', async () => {
  const pack = (await packBytes(test_.app, requestId)).bytes;
  await agree(put('pack.pdf', pack, 'intact'));
  await agree(put('pack-changed.pdf', flip(pack, Math.floor(pack.length / 2)), 'altered'));
  const intact = run('pack.pdf', '--trusted-key', key).stdout;
  expect(intact).toBe(`${reportText('pack.pdf', await verifyFile(join(folder, 'pack.pdf'), { trustedKey: key, reprint: false }))}\n`);
  expect(intact).toMatch(/printed pages: The pages were not printed again.*What this does not prove:/s);
}, 60_000);

async function agree({ name, verdict }: Input): Promise<void> {
  const own = await verifyFile(join(folder, name), { trustedKey: key, reprint: false }), { status, stdout, stderr } = run(name, '--trusted-key', key, '--json');
  expect([name, stderr, status]).toEqual([name, '', verdict === 'intact' ? 0 : 3]);
  expect([name, (JSON.parse(stdout) as { verdict: string }).verdict]).toEqual([name, verdict]);
  expect(JSON.parse(stdout)).toEqual({ file: name, ...own });
}

test('in words it names what is wrong, the answer, and what an intact file does not prove', () => {
  expect(run('proof.json', '--trusted-key', key).stdout).toMatch(/Answer:\n {2}The call [0-9a-f-]{36} is on record as leaf \d+/);
  expect(run('proof-changed.json').stdout).toContain('WRONG  log inclusion: calls ');
  expect(run('log-changed').stdout).toContain('WRONG  tiles: tile/0/000 is not the tile of these entries');
  expect(run('log').stdout).toContain('The log holdfast.local/log with its ');
});

test('exit codes: 0 intact, 1 unreadable path, 2 wrong usage, 3 not intact; the worst of several counts', () => {
  expect(run('--help').status).toBe(0);
  expect(run().status).toBe(2);
  expect(run('--colour', 'proof.json').status).toBe(2);
  expect(run('proof.json', '--keys', 'letter.txt').status).toBe(2);
  expect(run('nowhere.pdf')).toMatchObject({ status: 1, stderr: 'verify: nowhere.pdf cannot be read (ENOENT)\n' });
  expect(run('proof.json', 'letter.txt').status).toBe(3);
  expect(run('proof.json', 'log', 'checkpoint', '--trusted-key', key).status).toBe(0);
  // A checkpoint alone has no key of its own; the list of keys of the log has.
  expect(run('checkpoint').status).toBe(3);
  expect(run('checkpoint', '--keys', join('log', 'keys')).status).toBe(0);
});

test('--kind refuses what is another kind, however sound; a folder of packs is its packs', () => {
  expect(run('proof.json', '--trusted-key', key, '--kind', 'proof').status).toBe(0);
  expect(run('proof.json', '--trusted-key', key, '--kind', 'pack')).toMatchObject({ status: 3, stdout: expect.stringContaining('this is a proof, not an evidence pack') });
  expect(run('log', '--kind', 'log').status).toBe(0);
  expect(run('log', '--kind', 'checkpoint').status).toBe(3);
  expect(run('proof.json', '--kind', 'letter')).toMatchObject({ status: 2, stderr: expect.stringContaining('--kind is one of') });
  mkdirSync(join(folder, 'handed-over'));
  for (const name of ['pack.pdf', 'pack-changed.pdf']) cpSync(join(folder, name), join(folder, 'handed-over', name));
  const { status, stdout } = run('handed-over');
  expect([status, [...stdout.matchAll(/^verdict {2}(\w+)$/gm)].map(([, verdict]) => verdict)]).toEqual([3, ['altered', 'intact']]);
});

test('it imports nothing but Node', () => {
  const text = readFileSync(join(folder, 'verify.mjs'), 'utf8');
  const imported = [...text.matchAll(/^import .* from "([^"]+)";$/gm)].map(([, name]) => name);
  expect(imported.every((name) => name!.startsWith('node:'))).toBe(true);
  expect(imported).not.toEqual(expect.arrayContaining([expect.stringMatching(/^node:(http|https|net|tls|dgram|http2|child_process)$/)]));
  expect(/\bfetch\(|\bimport\(["']/.test(text)).toBe(false);
});
