// The simulation of a draft policy over many calls, beside the plain count of the same rows that any answer has to be better than.
import { ensurePartitions, freezeDay } from '../../dist/src/platform/db/index.js';
import { systemActor } from '../../dist/src/kernel/actor.js';

const DAYS = 100, ACCOUNTS = 2_000, DAY_MS = 86_400_000;

/** Measures on a fresh, migrated database: `npm run bench -- simulation [rows]`, 10,000,000 unless said. Prints for itself. */
export default async function simulationBench({ app, options = [] }) {
  const rows = Number(options[0] ?? 10_000_000), perDay = Math.ceil(rows / DAYS), today = Math.floor(app.clock.now().getTime() / DAY_MS) * DAY_MS, first = today - (DAYS + 20) * DAY_MS;
  const actor = systemActor('bench'), must = (answer) => { if (answer?.refused) throw new Error(answer.message); return answer; };
  await app.act(actor, (tx) => app.retention.ensureDefaultPolicies(tx));
  await ensurePartitions(app.database.pool, new Date(first), new Date(first + (DAYS - 1) * DAY_MS));
  const made = performance.now();
  for (let day = 0; day < DAYS; day += 1) {
    await app.database.pool.query(INSERT, [first + day * DAY_MS, perDay, ACCOUNTS]);
    await freezeDay(app.database.pool, new Date(first + day * DAY_MS));
  }
  console.log(`${(perDay * DAYS).toLocaleString('en')} calls of ${ACCOUNTS.toLocaleString('en')} accounts on ${DAYS} days, made in ${Math.round((performance.now() - made) / 1000)} s`);
  const simulate = async () => { const found = await app.retention.simulate({ dataType: 'api_call_metadata', keep: 'P1D' }); if (found.draft.rows + found.draft.heldRows !== perDay * DAYS) throw new Error(`counted ${found.draft.rows}`); return found; };
  const time = async (name, work) => { const from = performance.now(); await work(); console.log(`${name}: ${Number(((performance.now() - from) / 1000).toPrecision(3))} s`); };
  await time('simulation from the index, first time', simulate);
  await time('simulation from the index, again', simulate);
  await time(`counting the ${DAYS} days once`, () => app.retention.jobs.find((job) => job.name === 'count-finished-days').run(''));
  await time('simulation, nothing held', simulate);
  await time('yardstick: count(*), accounts and oldest by one statement over the rows', () => app.database.pool.query('SELECT count(*), count(DISTINCT account_id), min(at) FROM calls WHERE request_id < $1', ['ffffffff-ffff-7fff-8fff-ffffffffffff']));
  await app.act(actor, async (tx) => must(await app.billing.openAccount(tx, { accountId: 'a-7', name: 'A', jurisdiction: 'DE', contact: 'c' })));
  for (const scope of [{ accountId: 'a-7' }, { from: new Date(first), until: new Date(first + 3 * DAY_MS) }]) await app.act(actor, async (tx) => must(await app.retention.placeHold(tx, { ...scope, matter: 'M', requester: 'R', basis: 'b', reviewOn: '2030-01-01' })));
  await time('simulation, an account and three days of everybody held', simulate);
}

/** $1 midnight in ms, $2 rows, $3 accounts: ids in the order of time, a few accounts with most of the calls. */
const INSERT = `INSERT INTO calls (request_id, schema_version, at, ended_at, account_id, key_id, epoch_id, account_seq, method, path, protocol, model, served_model, stream, status, http_status, provider_id, attempts,
    usage_input, usage_cache_read, usage_cache_write, usage_cache_write_1h, usage_output, usage_reasoning, usage_source, cost_micros, currency, registry_version, request_bytes, response_bytes, salt, batch_id, batch_position)
  SELECT (substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-7' || lpad(to_hex(n % 4096), 3, '0') || '-8' || substr(m, 1, 3) || '-' || substr(m, 4, 12))::uuid, 1, to_timestamp(ms / 1000.0), to_timestamp(ms / 1000.0),
    'a-' || floor(power(random(), 2) * $3)::int, '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002', n, 'POST', '/v1/chat/completions', 'openai', 'gpt-x', 'gpt-x-2026', true, 'completed', 200, 'p1', 1,
    1200, 0, 0, 0, 340, 0, 'reported', 4210, 'USD', 3, 5120, 2048, '\\x00112233445566778899aabbccddeeff', '00000000-0000-7000-8000-000000000003', n
  FROM (SELECT n, $1::bigint + n * 86400000 / $2::bigint AS ms, md5(n::text) AS m FROM generate_series(0, $2::bigint - 1) n) s, LATERAL (SELECT lpad(to_hex(ms), 12, '0') AS h) i`;
