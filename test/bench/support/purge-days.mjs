// Whole days of calls made by SQL in the shape the recorder gives them, with their batches in a log of the right size.
import { randomBytes } from 'node:crypto';
import { leafHash } from '../../../dist/src/domain/ledger/index.js';
import { createLogKey } from '../../../dist/src/domain/ledger/log-key.js';
import { TreeBuilder } from '../../../dist/src/domain/ledger/log/tree-builder.js';
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

/** A log of `leaves` leaves in its true form, which a sealer goes on from: tiles and checkpoint. Its entries are not those of the batches, so nobody can verify a record. */
export async function growLog(app, leaves) {
  const { pool } = app.database, tree = new TreeBuilder(), entry = randomBytes(32), due = [];
  const save = async () => { await pool.query('INSERT INTO ledger_tiles SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::smallint[], $4::bytea[])', ['level', 'index', 'width', 'hashes'].map((name) => due.map((tile) => tile[name]))); due.length = 0; };
  while (tree.size < leaves) {
    entry.writeUInt32BE(tree.size);
    tree.append(leafHash(entry));
    if (tree.size % 65_536 === 0) { due.push(...tree.takeTiles().filter((tile) => tile.width === 256)); await save(); }
  }
  due.push(...tree.takeTiles().filter((tile) => tile.width === 256), ...tree.edgeNow());
  await save();
  const root = tree.root();
  await pool.query('INSERT INTO ledger_checkpoints VALUES ($1, $2, $3, now())', [String(tree.size), root, createLogKey(app.keys, app.config.logOrigin).sign(BigInt(tree.size), root)]);
}

/** Makes the partition of `calls` for `day` with `rows` calls and all indexes, vacuumed like a day that is over; its batches take the leaves from `leaf` on. Answers its name. */
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
    await client.query(`INSERT INTO ledger_batches (batch_id, writer, at, record_count, commitments, first_leaf, sealed_at)
      SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(${first} + n), 12, '0'))::uuid, 'bench', at, ${RECORDS}, $1, ${leaf} + n * ${RECORDS}, at
      FROM (SELECT n, to_timestamp((${ms} + n * ${CALLS} * ${DAY_MS} / ${rows}) / 1000.0) AS at FROM generate_series(0::bigint, ${Math.ceil(rows / CALLS) - 1}) n) s`, [randomBytes(32 * RECORDS)]);
    await client.query(`ALTER TABLE calls ATTACH PARTITION ${name} FOR VALUES FROM ('${low}') TO ('${high}'); ALTER TABLE ${name} DROP CONSTRAINT bounds; COMMIT`);
    await client.query(`VACUUM (FREEZE, ANALYZE) ${name}`);
  } finally { client.release(); }
  return name;
}
