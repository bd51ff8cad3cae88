// Packs: 10,000 calls signed with a time stamp, 100,000 in volumes, one call, and verification. Options: --calls N (10000), --volumes N (100000).
// Memory is the peak of a process of its own that only assembles.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mintId } from '../../dist/src/kernel/ids.js';
import { systemActor } from '../../dist/src/kernel/actor.js';
import { parseConfig } from '../../dist/src/platform/config/config.js';
import { RECORD_TABLES } from '../../dist/src/domain/ledger/index.js';
import { createApp } from '../../dist/src/app.js';

const worker = fileURLToPath(new URL('support/assemble-process.mjs', import.meta.url));
const actor = systemActor('bench');
const seconds = async (work) => { const started = performance.now(); await work(); return (performance.now() - started) / 1000; };

function aCall(at, accountId) {
  return { table: 'calls', row: { ...Object.fromEntries(Object.keys(RECORD_TABLES.calls.columns).map((column) => [column, null])),
    request_id: mintId(at), at, ended_at: new Date(at.getTime() + 900), account_id: accountId, key_id: mintId(at), epoch_id: mintId(at), account_seq: 7n, method: 'POST', path: '/v1/chat/completions',
    protocol: 'openai', model: 'gpt-x', served_model: 'gpt-x-2026', stream: true, status: 'completed', http_status: 200, upstream_request_id: 'chatcmpl-abc',
    caller_region: 'DE', provider_id: 'p1', attempts: 1, usage_input: 1200n, usage_cache_read: 0n, usage_cache_write: 0n, usage_cache_write_1h: 0n, usage_output: 340n, usage_reasoning: 0n,
    usage_source: 'reported', cost_micros: 4210n, currency: 'USD', price_id: mintId(at), registry_version: 3n, request_bytes: 5120n, response_bytes: 2048n, first_byte_ms: 310 } };
}

async function record(app, accountId, count) {
  const recorder = app.ledger.createRecorder('bench'), at = app.clock.now();
  for (let done = 0; done < count; done += 2_000) await Promise.all(Array.from({ length: Math.ceil(Math.min(2_000, count - done) / 50) }, (_, batch) => recorder.write(Array.from({ length: Math.min(50, count - done - batch * 50) }, () => aCall(at, accountId)))));
  return at;
}

export default async function evidenceBench({ env, options }) {
  const option = (name, fallback) => { const at = options.indexOf(`--${name}`); return at < 0 ? fallback : Number(options[at + 1]); };
  const tsa = await startAuthority(), own = { ...env, HOLDFAST_TSA_URL: tsa.url };
  const bench = await createApp(parseConfig(own), 'bench');
  const calls = option('calls', 10_000), many = option('volumes', 100_000), lines = [];
  const add = (name, value, unit) => lines.push({ name, value: Number(value.toPrecision(3)), unit });
  for (const accountId of ['small', 'large']) await bench.act(actor, (tx) => bench.billing.openAccount(tx, { accountId, name: accountId, jurisdiction: 'DE', contact: 'x@example.test' }));
  await bench.act(actor, (tx) => bench.retention.ensureDefaultPolicies(tx));
  const ask = async (request) => {
    const packId = await bench.act(actor, (tx) => bench.evidence.requestPack(tx, { purpose: 'security_audit', language: 'en', ...request }));
    if (typeof packId !== 'string') throw new Error(packId.message);
    await bench.ledger.sealOnce();
    return packId;
  };
  const period = (accountId, from) => ({ kind: 'audit_period', accountId, from, until: new Date(from.getTime() + 60_000), dataTypes: ['api_call_metadata'] });
  try {
    const from = await record(bench, 'small', calls), packId = await ask(period('small', from));
    const made = await assemble(own, packId);
    add(`pack of ${calls} calls, signed and time-stamped`, made.seconds, 's');
    add('its CPU time, all threads', made.cpuSeconds, 's');
    add('its peak of memory', made.peakMb, 'MB');
    const file = await bench.evidence.packFile(packId), pack = await bench.evidence.findPack(packId);
    add('its size', file.bytes / 1e6, `MB, ${pack.pages} pages`);
    const before = process.cpuUsage();
    add('its verification', await seconds(async () => { const report = await bench.evidence.verifyUpload(readFileSync(file.path), { reprint: false }); if (report.verdict !== 'intact') throw new Error(JSON.stringify(report.checks.filter((check) => !check.ok))); }), 's');
    const spent = process.cpuUsage(before);
    add('its CPU time', (spent.user + spent.system) / 1e6, 's');
    const { rows: [call] } = await bench.database.reader.query('SELECT request_id FROM calls LIMIT 1');
    const single = [], cpu = process.cpuUsage();
    for (let i = 0; i < 5; i++) { const id = await ask({ requestId: call.request_id, purpose: 'dispute_resolution' }); single.push(await seconds(() => bench.evidence.assemblePack(id))); }
    const used = process.cpuUsage(cpu);
    add('CPU time of a pack of one call, mean of five with their sealing', (used.user + used.system) / 5e6, 's');
    add('pack of one call, first in its process', single[0], 's');
    add('pack of one call, median of the next four', single.slice(1).sort((a, b) => a - b)[1], 's');
    if (many > 0) {
      const since = new Date(Math.max(await record(bench, 'large', many), 0)), volumes = await assemble(own, await ask(period('large', since)));
      add(`pack of ${many} calls in volumes`, volumes.seconds, 's');
      add('its CPU time, all threads', volumes.cpuSeconds, 's');
      add('its peak of memory', volumes.peakMb, 'MB');
    }
  } finally { await bench.close(); tsa.close(); }
  return lines;
}

/** Assembles in a process of its own; its peak is what the kernel counted. */
function assemble(env, packId) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [worker, packId], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (chunk) => { out += chunk; });
    child.on('exit', (code) => { if (code === 0) resolve(JSON.parse(out)); else reject(new Error(`the assembling process ended with ${code}`)); });
  });
}

async function startAuthority() {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-tsa-')), openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-keyout', 'tsa.key', '-out', 'tsa.pem', '-nodes', '-days', '30', '-subj', '/CN=Bench TSA', '-addext', 'extendedKeyUsage=critical,timeStamping', '-addext', 'basicConstraints=critical,CA:FALSE');
  writeFileSync(join(folder, 'serial'), '01\n');
  writeFileSync(join(folder, 'ts.cnf'), `[tsa]\ndefault_tsa = one\n[one]\nserial = ${folder}/serial\nsigner_cert = ${folder}/tsa.pem\nsigner_key = ${folder}/tsa.key\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\naccuracy = secs:1\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n`);
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
      writeFileSync(join(folder, 'query'), Buffer.concat(chunks));
      openssl('ts', '-reply', '-config', 'ts.cnf', '-queryfile', 'query', '-out', 'reply');
      response.end(readFileSync(join(folder, 'reply')));
    });
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => { server.close(); server.closeAllConnections(); rmSync(folder, { recursive: true, force: true }); } };
}
