// Ten million calls made by SQL: rows and batches as large as the real ones. Their tree is made by big-tree.mjs.
import { randomBytes } from 'node:crypto';
import { ensurePartitions, partitionName } from '../../../dist/src/platform/db/index.js';

const DAY_MS = 86_400_000, BATCH = 50, RECORDS = 60;
/** A UUIDv7 of a moment on the day that begins at `ms`, as SQL. */
const idAt = (ms) => `(lpad(to_hex(${ms}), 12, '0') || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid`;

/** Fills `days` partitions with `total` calls; every tenth has a transfer with its outcome. Answers how many calls and how many leaves that is. `tell` hears how far it is. */
export async function fillCalls(app, { total, days, tell = () => undefined }) {
  const { pool } = app.database, today = Math.floor(app.clock.now().getTime() / DAY_MS) * DAY_MS, first = today - (days - 1) * DAY_MS, aDay = Math.ceil(total / days / BATCH) * BATCH;
  await ensurePartitions(pool, new Date(first), new Date(today));
  await pool.query(`INSERT INTO accounts (account_id, name, jurisdiction, contact, created_at) SELECT 'bench-' || n, 'Bench ' || n, 'DE', 'c', now() FROM generate_series(0, 999) n`);
  const call = `at, at + interval '900 milliseconds' AS ended_at, 'bench-' || n % 1000, '0193c1a2-0000-7000-8000-00000000000a'::uuid, '0193c1a2-0000-7000-8000-0000000000e0'::uuid, n`;
  let calls = 0;
  for (let day = 0; day < days; day++) {
    const ms = first + day * DAY_MS, client = await pool.connect(), on = (table) => partitionName(table, new Date(ms));
    try {
      await client.query('BEGIN; SET LOCAL synchronous_commit = off');
      await client.query(`CREATE TEMP TABLE made ON COMMIT DROP AS SELECT ${idAt('ms')} AS id, to_timestamp(ms / 1000.0) AS at, n, ('00000000-0000-7000-8000-' || lpad(to_hex(${calls / BATCH} + n / ${BATCH}), 12, '0'))::uuid AS batch_id, (n % ${BATCH})::int AS position
        FROM (SELECT n, (${ms} + n::bigint * ${DAY_MS} / ${aDay})::bigint AS ms FROM generate_series(0, ${aDay - 1}) n) s`);
      await client.query(`INSERT INTO ledger_batches (batch_id, writer, at, record_count, commitments, first_leaf, sealed_at)
        SELECT batch_id, 'bench', min(at), ${RECORDS}, $1, (${calls} + min(n)) / ${BATCH} * ${RECORDS}, min(at) FROM made GROUP BY batch_id`, [randomBytes(32 * RECORDS)]);
      await client.query(`INSERT INTO ${on('calls')} (request_id, schema_version, at, ended_at, account_id, key_id, epoch_id, account_seq, method, path, protocol, model, served_model, stream, status, http_status, upstream_request_id, provider_id, attempts,
        usage_input, usage_cache_read, usage_cache_write, usage_cache_write_1h, usage_output, usage_reasoning, usage_source, cost_micros, currency, registry_version, request_bytes, response_bytes, first_byte_ms, salt, batch_id, batch_position)
        SELECT id, 1, ${call}, 'POST', '/v1/chat/completions', 'openai', 'gpt-5', 'gpt-5-2026-08-01', false, 'completed', 200, 'chatcmpl-' || md5(id::text), 'openai', 1, 1200, 800, 0, 0, 350, 120, 'reported', 5360, 'USD', 1, 4096, 18000, 240,
        decode(md5(id::text), 'hex'), batch_id, position FROM made`);
      await client.query(`INSERT INTO ${on('transfers')} (transfer_id, schema_version, request_id, at, account_id, key_id, epoch_id, account_seq, attempt, provider_id, provider_name, legal_entity, category, origin_jurisdiction, destination_jurisdictions, cross_border,
        confirmation_ids, data_categories, model, upstream_model, upstream_host, path, request_bytes, registry_version, salt, batch_id, batch_position)
        SELECT id, 1, id, at, 'bench-' || n % 1000, '0193c1a2-0000-7000-8000-00000000000a', '0193c1a2-0000-7000-8000-0000000000e0', n, 1, 'openai', 'OpenAI', 'OpenAI OpCo, LLC', 'model', 'DE', '{US}', true, '{}', '{input_content}', 'gpt-5', 'gpt-5',
        'api.openai.test', '/v1/chat/completions', 4096, 1, decode(md5(id::text), 'hex'), batch_id, ${BATCH} + position / 10 FROM made WHERE n % 10 = 0`);
      await client.query(`INSERT INTO ${on('transfer_outcomes')} (transfer_id, schema_version, request_id, account_id, at, outcome, http_status, response_bytes, duration_ms, salt, batch_id, batch_position)
        SELECT id, 1, id, 'bench-' || n % 1000, at, 'answered', 200, 18000, 880, decode(md5(id::text), 'hex'), batch_id, ${BATCH + 5} + position / 10 FROM made WHERE n % 10 = 0`);
      await client.query('COMMIT');
    } finally { client.release(); }
    calls += aDay;
    if (day % 20 === 19) tell(`${calls.toLocaleString('en')} calls in ${day + 1} partitions`);
  }
  await pool.query('ANALYZE calls, transfers, transfer_outcomes, ledger_batches');
  return { calls, leaves: calls / BATCH * RECORDS };
}
