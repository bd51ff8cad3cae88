// Sealing and verification of many records, beside the bare hashing they cannot do without.
import { randomBytes } from 'node:crypto';
import { leafHash, verifyInclusion } from '../../dist/src/domain/ledger/index.js';
import { TreeBuilder } from '../../dist/src/domain/ledger/log/tree-builder.js';
import { mintId } from '../../dist/src/kernel/ids.js';
import { growAround } from './support/big-tree.mjs';

const BATCH = 50;

/** A call record with every column filled the way the gateway fills it. */
function aCall(at) {
  return { table: 'calls', row: {
    request_id: mintId(at), at, ended_at: new Date(at.getTime() + 900), account_id: 'acme', key_id: mintId(at), epoch_id: mintId(at), account_seq: 7n, method: 'POST', path: '/v1/chat/completions',
    protocol: 'openai', model: 'gpt-x', served_model: 'gpt-x-2026', stream: true, status: 'completed', http_status: 200, refusal_code: null, client_request_id: null, upstream_request_id: 'chatcmpl-123',
    answer_id: null, session_id: null, caller_region: 'DE', provider_id: 'p1', attempts: 1, usage_input: 1200n, usage_cache_read: 0n, usage_cache_write: 0n, usage_cache_write_1h: 0n, usage_output: 340n, usage_reasoning: 0n, usage_units: null,
    usage_source: 'exact', cost_micros: 4210n, currency: 'USD', price_id: mintId(at), registry_version: 3n, request_bytes: 5120n, response_bytes: 2048n, first_byte_ms: 310 } };
}
const seconds = async (work) => { const started = performance.now(); await work(); return (performance.now() - started) / 1000; };

/** Measures on a fresh, migrated database: `npm run bench -- ledger [records] [leaves]`, 100,000 and 10,000,000 unless said. Answers lines { name, value, unit }. */
export default async function ledgerBench({ app, options = [] }) {
  const proofs = await proveAmong(app, Number(options[1] ?? 10_000_000));
  return [...await sealAndVerify({ app, options }), ...proofs].map((line) => ({ ...line, value: Number(line.value.toPrecision(3)) }));
}

/** Proofs of 300 records spread over a tree of millions of leaves; each is verified. The log is emptied again afterwards. */
async function proveAmong(app, leaves) {
  const recorder = app.ledger.createRecorder('bench'), calls = Array.from({ length: 300 }, () => aCall(app.clock.now()));
  for (const call of calls) await recorder.write([call]);
  const size = await growAround(app, leaves), took = [];
  for (const { row } of calls) {
    const from = performance.now(), { checkpoint, proofs: [proof] } = await app.ledger.proveRecords([{ table: 'calls', id: row.request_id }]);
    took.push(performance.now() - from);
    if (!verifyInclusion(proof.commitment, proof.leafIndex, checkpoint.treeSize, proof.path, checkpoint.root)) throw new Error(`leaf ${proof.leafIndex} of ${size} does not verify`);
  }
  took.sort((a, b) => a - b);
  // Row triggers do not stop a TRUNCATE.
  await app.database.pool.query('TRUNCATE ledger_batches, ledger_tiles, ledger_checkpoints, calls');
  return [{ name: `one proof among ${size.toLocaleString('en')} leaves, p50`, value: took[150], unit: 'ms' }, { name: 'the same, p99', value: took[297], unit: 'ms' }];
}

async function sealAndVerify({ app, options }) {
  const records = Number(options[0] ?? 100_000);
  const recorder = app.ledger.createRecorder('bench');
  const write = await seconds(async () => {
    for (let done = 0; done < records; done += 2_000) {
      await Promise.all(Array.from({ length: 2_000 / BATCH }, () => recorder.write(Array.from({ length: BATCH }, () => aCall(app.clock.now())))));
    }
  });
  const yardstick = await seconds(() => {
    const tree = new TreeBuilder(), entry = randomBytes(32);
    for (let leaf = 0; leaf < records; leaf++) { tree.append(leafHash(entry)); if (leaf % 5_000 === 0) tree.takeTiles(); }
    tree.root();
  });
  const seal = await seconds(() => app.ledger.sealOnce());
  const stop = new AbortController();
  const publish = await seconds(async () => { stop.abort(); await app.ledger.runSealer(stop.signal); });
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let peak = before;
  let report;
  const verify = await seconds(async () => {
    report = await app.ledger.verify({ certifiedPurges: () => Promise.resolve([]), onProgress: () => { peak = Math.max(peak, process.memoryUsage().rss); } });
  });
  if (!report.intact) throw new Error(`the bench's own ledger is not intact: ${report.problems[0]?.message}`);
  const { rows: [row] } = await app.database.reader.query('SELECT request_id FROM calls OFFSET $1 LIMIT 1', [Math.floor(records / 2)]);
  const prove = await seconds(async () => { for (let n = 0; n < 200; n++) await app.ledger.proveRecords([{ table: 'calls', id: row.request_id }]); });
  const { rows: [size] } = await app.database.reader.query(`SELECT pg_total_relation_size('ledger_batches') AS batches, pg_total_relation_size('ledger_tiles') AS tiles`);
  const lines = [
    { name: 'records written', value: records / write, unit: '/s' },
    { name: 'leaves sealed', value: records / seal, unit: '/s' },
    { name: 'sealing beside bare hashing', value: seal / yardstick, unit: 'times as long' },
    { name: 'full publication of the folder', value: publish, unit: 's' },
    { name: 'records verified', value: records / verify, unit: '/s' },
    { name: 'memory added while verifying', value: (peak - before) / 1e6, unit: 'MB' },
    { name: 'one proof of one record', value: (prove / 200) * 1000, unit: 'ms' },
    { name: 'batches on disk', value: Number(size.batches) / records, unit: 'B/leaf' },
    { name: 'tiles on disk', value: Number(size.tiles) / records, unit: 'B/leaf' },
  ];
  return lines;
}
