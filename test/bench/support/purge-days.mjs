// Whole days of calls made by SQL in the shape the recorder gives them, with their batches in a log of the right size.
import { randomBytes } from 'node:crypto';
import { leafHash, nodeHash } from '../../../dist/src/domain/ledger/log/merkle.js';
import { createLogKey } from '../../../dist/src/domain/ledger/log-key.js';
import { hashesAtLevel } from '../../../dist/src/domain/ledger/log/tile-rules.js';
import { idLowerBound } from '../../../dist/src/kernel/ids.js';
import { partitionName } from '../../../dist/src/platform/db/index.js';

export const DAY_MS = 86_400_000, ACCOUNTS = 1_000;
/** A statement of the recorder carries some twenty calls under load, each with transfer and outcome. */
const CALLS = 20, RECORDS = 3 * CALLS;

/** Leaves that `rows` calls of one day take. */
export function leavesOf(rows) { return Math.ceil(rows / CALLS) * RECORDS; }

/** Accounts the calls belong to; every one of them has a thousandth of the calls. */
export async function openAccounts(pool) {
  await pool.query(`INSERT INTO accounts (account_id, name, jurisdiction, contact, created_at) SELECT 'bench-' || n, 'Bench ' || n, 'DE', 'c', now() FROM generate_series(0, ${ACCOUNTS - 1}) n`);
}

/**
 * A log of `leaves` leaves in its true form, which a sealer goes on from: tiles and checkpoint. All its entries are the same, so that each
 * level has one hash and a log of thirty million is made in seconds; they are not those of the batches, and nobody can verify a record.
 */
export async function growLog(app, leaves) {
  const { pool } = app.database, size = BigInt(leaves), ofPower = [leafHash(randomBytes(32))];
  for (let power = 1; power < 64; power++) ofPower.push(nodeHash(ofPower[power - 1], ofPower[power - 1]));
  for (let level = 0; hashesAtLevel(size, level) > 0n; level++) {
    const hashes = hashesAtLevel(size, level), full = hashes / 256n, rest = Number(hashes % 256n), tile = (width) => Buffer.concat(Array.from({ length: width }, () => ofPower[8 * level]));
    if (full > 0n) await pool.query('INSERT INTO ledger_tiles SELECT $1, n, 256, $3 FROM generate_series(0, $2::bigint - 1) n', [level, String(full), tile(256)]);
    if (rest > 0) await pool.query('INSERT INTO ledger_tiles VALUES ($1, $2, $3, $4)', [level, String(full), rest, tile(rest)]);
  }
  let root = null;
  for (let power = 0; power < 64; power++) if ((size >> BigInt(power)) & 1n) root = root === null ? ofPower[power] : nodeHash(ofPower[power], root);
  await pool.query('INSERT INTO ledger_checkpoints VALUES ($1, $2, $3, now())', [String(size), root, createLogKey(app.keys, app.config.logOrigin).sign(size, root)]);
}

/** Makes the partition of `calls` for `day` with `rows` calls and all indexes, vacuumed like a day that is over; its batches, where they are wanted, take the leaves from `leaf` on. Answers its name. */
export async function seedDay(pool, day, rows, leaf) {
  const ms = day.getTime(), name = partitionName('calls', day), low = idLowerBound(day), high = idLowerBound(new Date(ms + DAY_MS)), first = leaf / RECORDS;
  const client = await pool.connect();
  try {
    await client.query(`BEGIN; SET LOCAL synchronous_commit = off; SET LOCAL maintenance_work_mem = '512MB'`);
    await client.query(`CREATE TABLE ${name} (LIKE calls INCLUDING DEFAULTS INCLUDING CONSTRAINTS, CONSTRAINT bounds CHECK (request_id >= '${low}' AND request_id < '${high}'))`);
    // The recorder numbers the records of a batch in the order they came: calls, outcomes and other calls' transfers mixed.
    await client.query(`INSERT INTO ${name} (request_id, schema_version, at, ended_at, account_id, key_id, epoch_id, account_seq, method, path, protocol, model, served_model, stream, status, http_status, upstream_request_id, answer_id, provider_id, attempts,
      usage_input, usage_cache_read, usage_cache_write, usage_cache_write_1h, usage_output, usage_reasoning, usage_source, cost_micros, currency, price_id, registry_version, request_bytes, response_bytes, first_byte_ms, salt, batch_id, batch_position)
      SELECT (h || '7' || lpad(to_hex(n % 4096), 3, '0') || '8' || substr(m, 1, 15))::uuid, 1, at, at + interval '900 milliseconds', 'bench-' || n % ${ACCOUNTS}, '0193c1a2-0000-7000-8000-00000000000a', '0193c1a2-0000-7000-8000-0000000000e0', n, 'POST',
        '/v1/chat/completions', 'openai', 'gpt-5', 'gpt-5-2026-08-01', false, 'completed', 200, 'req_' || m, 'chatcmpl-' || substr(m, 1, 24), 'openai', 1, 1200, 800, 0, 0, 350, 120, 'reported', 5360, 'USD', '0193c1a2-0000-7000-8000-0000000000f0', 1, 4096, 18000, 240,
        decode(m, 'hex'), ('00000000-0000-7000-8000-' || lpad(to_hex(${first} + n / ${CALLS}), 12, '0'))::uuid, n % ${CALLS} * 3 + n / 7 % 2
      FROM (SELECT n, lpad(to_hex(ms), 12, '0') AS h, to_timestamp(ms / 1000.0) AS at, md5(n::text || '${name}') AS m FROM (SELECT n, ${ms} + n * ${DAY_MS} / ${rows} AS ms FROM generate_series(0::bigint, ${rows - 1}) n) s) t`);
    if (leaf !== null) await client.query(`INSERT INTO ledger_batches (batch_id, writer, at, record_count, commitments, first_leaf, sealed_at)
      SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(${first} + n), 12, '0'))::uuid, 'bench', at, ${RECORDS}, $1, ${leaf} + n * ${RECORDS}, at
      FROM (SELECT n, to_timestamp((${ms} + n * ${CALLS} * ${DAY_MS} / ${rows}) / 1000.0) AS at FROM generate_series(0::bigint, ${Math.ceil(rows / CALLS) - 1}) n) s`, [randomBytes(32 * RECORDS)]);
    await client.query(`ALTER TABLE calls ATTACH PARTITION ${name} FOR VALUES FROM ('${low}') TO ('${high}'); ALTER TABLE ${name} DROP CONSTRAINT bounds; COMMIT`);
    await client.query(`VACUUM (FREEZE, ANALYZE) ${name}`);
  } finally { client.release(); }
  return name;
}
