// Plans, approves or runs a purge in a process of its own, for the tests that kill it; PURGE_KILL "after 2" or "before 2" is kill -9 by itself
// at its second step: after what it did is durable, or with everything done and nothing committed.
import { createLedger } from '../../dist/src/domain/ledger/index.js';
import { createRetention } from '../../dist/src/domain/retention/index.js';
import { createSecurity } from '../../dist/src/domain/security/index.js';
import { createVault } from '../../dist/src/domain/vault/index.js';
import { systemClock } from '../../dist/src/kernel/clock.js';
import { parseConfig } from '../../dist/src/platform/config/config.js';
import { openFileKeyRing } from '../../dist/src/platform/crypto/keyring.js';
import { connectDatabase, createAct, createBookkeeping } from '../../dist/src/platform/db/index.js';
import { createLogger } from '../../dist/src/platform/log/log.js';

// The slices a purge needs and no others: a whole application takes twice as long to load.
const { PURGE_RUN: runId, PURGE_TYPE: type, PURGE_APPROVAL: approvalId, PURGE_KILL: kill = '', ...env } = process.env, config = parseConfig(env);
const database = await connectDatabase(config.databaseUrl, [], []), act = createAct(database.source), bookkeeping = createBookkeeping(database.source);
const [when, at] = kill.split(' '), common = { clock: systemClock, keys: openFileKeyRing(config.home), log: createLogger('worker', 'error'), home: config.home };
let steps = 0;
const die = async () => { process.kill(process.pid, 'SIGKILL'); await new Promise(() => undefined); };
const step = async (work) => {
  const last = ++steps === Number(at), value = await work(last && when === 'before' ? die : () => undefined);
  if (last && when === 'after') await die();
  return value;
};
// A step is a transaction, or a DETACH CONCURRENTLY, which is none.
const wrap = (inner) => (actor, work) => step((end) => inner(actor, async (tx) => { const value = await work(tx); await end(); return value; }));
const connect = async () => {
  const client = await database.pool.connect();
  return new Proxy(client, { get: (target, name) => name === 'query' ? (text, values) => (String(text).includes(' DETACH ') ? step(async (end) => { await end(); return target.query(text, values); }) : target.query(text, values))
    : name === 'release' ? (error) => target.release(error) : Reflect.get(target, name) });
};
const pool = new Proxy(database.pool, { get: (target, name) => (name === 'connect' ? connect : Reflect.get(target, name)) });
const parts = { ...common, act: wrap(act), bookkeeping: wrap(bookkeeping), database: { ...database, pool } };
const ledger = createLedger({ ...common, act, bookkeeping, database, origin: config.logOrigin, anchorDir: undefined, tsaUrl: undefined });
const security = createSecurity({ ...parts, ledger }), vault = createVault({ ...parts, ledger, security }), retention = createRetention({ ...parts, ledger, security, vault, timeZone: 'UTC' });

if (type) await parts.act({ kind: 'system', id: 'test', name: 'system:test', roles: [] }, (tx) => retention.planPurge(tx, type, 'test'));
else if (approvalId) {
  const { digest } = await security.approval(approvalId);
  await parts.act({ kind: 'operator', id: '00000000-0000-7000-8000-00000000aaaa', name: 'Grace', roles: ['approver'] }, (tx) => security.approve(tx, approvalId, digest));
} else await retention.runPurge(runId);
await database.close();
process.stdout.write('done\n');
