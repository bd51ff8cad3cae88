// Plans and runs one purge in a process of its own, as the worker does; says how long each took, by kind of statement, and how its memory went.
import pg from 'pg';
import { createApp } from '../../../dist/src/app.js';
import { parseConfig } from '../../../dist/src/platform/config/config.js';
import { systemActor } from '../../../dist/src/kernel/actor.js';

const took = new Map(), ask = Reflect.get(pg.Client.prototype, 'query');
pg.Client.prototype.query = function query(...args) {
  const text = typeof args[0] === 'string' ? args[0] : args[0]?.text ?? '', from = performance.now(), back = args.at(-1);
  const note = () => { const kind = kindOf(text), one = took.get(kind) ?? { ms: 0, times: 0 }; took.set(kind, { ms: one.ms + performance.now() - from, times: one.times + 1 }); };
  if (typeof back === 'function') args[args.length - 1] = (...given) => { note(); back(...given); };
  const answer = ask.apply(this, args);
  if (typeof back !== 'function' && typeof answer?.then === 'function') void answer.then(note, note);
  return answer;
};

/** The beginning of a statement, without names of days. */
function kindOf(text) { return text.replaceAll(/\s+/g, ' ').replaceAll(/_p\d{8}/g, '').trim().slice(0, 90); }

const config = parseConfig(Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(HOLDFAST_|DATABASE_URL$|GATEWAY_PORT$)/.test(name))));
const app = await createApp(config, 'bench-worker'), actor = systemActor('schedule');
globalThis.gc?.();
const memory = [], sample = () => memory.push(Math.round(process.memoryUsage().rss / 1e6));
sample();
const timer = setInterval(sample, Number(process.argv[2] ?? 500));
const time = async (work) => { const from = performance.now(); const answer = await work(); return [answer, (performance.now() - from) / 1000]; };
const [runId, planSeconds] = await time(() => app.act(actor, (tx) => app.retention.planPurge(tx, 'api_call_metadata', 'schedule')));
if (typeof runId !== 'string') throw new Error(runId.message);
took.clear();
const cpu = process.cpuUsage(), [, runSeconds] = await time(() => app.retention.runPurge(runId)), { user, system } = process.cpuUsage(cpu);
clearInterval(timer);
sample();
const run = await app.retention.purgeRun(runId);
if (run.state !== 'certified') throw new Error(`run ${runId} is ${run.state}: ${run.failure}`);
console.log(JSON.stringify({ runId, planSeconds, runSeconds, cpuSeconds: (user + system) / 1e6, rowsDeleted: Number(run.rowsDeleted), rowsHeld: Number(run.rowsHeld), memory, peak: process.resourceUsage().maxRSS / 1000,
  statements: [...took].map(([kind, one]) => ({ kind, ...one })).sort((a, b) => b.ms - a.ms) }));
await app.close();
process.exit(0);
