// Purges against what one would write without an engine, and what the gateway's inserts notice of one: `npm run bench -- purge`.
//
// --rows N     calls in the one day of the first two parts (3,000,000)
// --total N    calls of the third part (10,000,000), in --days N partitions (100)
// --rate N     calls a second that a gateway puts on record meanwhile (200)
// --only a,b   parts: drop, held, many
// --statements prints where a run's time went
import { systemActor } from '../../dist/src/kernel/actor.js';
import { manyDays } from './support/purge-many.mjs';
import { openAccounts, DAY_MS, growLog, leavesOf, seedDay } from './support/purge-days.mjs';
import { deleteInBatches } from './support/purge-yardstick.mjs';
import { gone, purgeInProcess, serverCpu, thinned } from './support/purge-figures.mjs';

const round = (value) => Number(value.toPrecision(3)), n = (value) => value.toLocaleString('en');

/** Prints for itself. */
export default async function purgeBench({ app, env, options = [], postgres }) {
  const option = (name, other) => (options.includes(`--${name}`) ? options[options.indexOf(`--${name}`) + 1] : other);
  const rows = Number(option('rows', 3_000_000)), total = Number(option('total', 10_000_000)), days = Number(option('days', 100)), parts = option('only', 'drop,held,many').split(',');
  const { pool } = app.database, actor = systemActor('bench'), first = Math.floor(app.clock.now().getTime() / DAY_MS) * DAY_MS - 700 * DAY_MS;
  const must = (answer) => { if (answer?.refused) throw new Error(answer.message); return answer; };
  await app.act(actor, (tx) => app.retention.ensureDefaultPolicies(tx));
  await openAccounts(pool);
  const aDay = leavesOf(rows), leaves = parts.reduce((sum, part) => sum + (part === 'many' ? leavesOf(total / days) * days : aDay), 0), grown = performance.now();
  await growLog(app, leaves);
  console.log(`a log of ${n(leaves)} leaves, made in ${Math.round((performance.now() - grown) / 1000)} s`);
  let day = 0, leaf = 0;
  const another = async (perDay, inLog = true) => {
    const at = new Date(first + day++ * DAY_MS), name = await seedDay(pool, at, perDay, inLog ? leaf : null), from = leaf;
    if (inLog) leaf += leavesOf(perDay);
    return { name, at, leaf: from };
  };
  const hold = async (accountId, from, until) => must(await app.act(actor, (tx) => app.retention.placeHold(tx, { accountId, from, until, matter: 'M', requester: 'R', basis: 'b', reviewOn: '2040-01-01' })));

  for (const part of parts.filter((one) => one !== 'many')) {
    const held = part === 'held' ? 'bench-7' : null;
    console.log(`\n${part === 'held' ? 'One account of a thousand is held' : 'Nothing is held'}: ${n(rows)} calls in a day's partition with all indexes`);
    const { name: rowsToDelete } = await another(rows, false);
    const spent = async (work) => { const from = serverCpu(postgres.pid), answer = await work(); return [answer, serverCpu(postgres.pid) - from]; };
    const [yardstick, yardstickCpu] = await spent(async () => deleteInBatches(pool, rowsToDelete, held));
    console.log(`yardstick: DELETE, 10,000 a batch ${round(yardstick.deleteSeconds)} s, VACUUM ${round(yardstick.vacuumSeconds)} s (${round(yardstickCpu)} s of PostgreSQL's processor time); ${round(yardstick.before / 1e6)} MB before, ${round(yardstick.after / 1e6)} MB after`);
    await pool.query(`DROP TABLE ${yardstick.name}`);
    const made = await another(rows);
    if (held) await hold(held, made.at, new Date(made.at.getTime() + DAY_MS));
    // A sealer never leaves anything lying that long.
    await app.ledger.sealOnce();
    await pool.query('CHECKPOINT');
    const [run, runCpu] = await spent(() => purgeInProcess(env)), whole = yardstick.deleteSeconds + yardstick.vacuumSeconds;
    await gone(app, { run, ...made, rows, held });
    console.log(`purge: plan ${round(run.planSeconds)} s, run ${round(run.runSeconds)} s to its certificate, of that ${round(run.removalSeconds)} s taking the rows away (${round(runCpu)} s of PostgreSQL's processor time with the plan, ${round(run.cpuSeconds)} s of the process); ${n(run.rowsDeleted)} rows, ${n(run.rowsHeld)} held; ${round(run.bytesFreed / 1e6)} MB given back; memory of the process ${thinned(run.memory)} MB, peak ${round(run.peak)} MB`);
    console.log(`the same rows by DELETE and VACUUM take ${round(whole / run.removalSeconds)} times as long as taking them away, ${round(whole / run.runSeconds)} times as long as the whole run, ${round(whole / (run.runSeconds + run.planSeconds))} times with its plan; by PostgreSQL's processor time ${round(yardstickCpu / runCpu)} times as much as run and plan`);
    if (options.includes('--statements')) for (const one of run.statements.slice(0, 14)) console.log(`  ${round(one.ms)} ms in ${one.times}: ${one.kind}`);
    await pool.query(`DROP TABLE IF EXISTS ${made.name}`);
  }
  if (parts.includes('many')) await manyDays({ app, env, total, days, rate: Number(option('rate', 200)), another, hold });
}
