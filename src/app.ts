// The composition root: platform, then the slices in story order, then what the doors need. No logic here.
import { createBilling, type Billing } from './domain/billing/index.js';
import { createCases, type Cases } from './domain/cases/index.js';
import { createCrossBorder, type CrossBorder } from './domain/cross-border/index.js';
import { createEvidence, type Evidence } from './domain/evidence/index.js';
import { createGateway, type Gateway } from './domain/gateway/index.js';
import { createLedger, type Ledger } from './domain/ledger/index.js';
import { createProviders, type Providers } from './domain/providers/index.js';
import { createRetention, type Retention } from './domain/retention/index.js';
import { createSecurity, type Security } from './domain/security/index.js';
import { createVault, type Vault } from './domain/vault/index.js';
import { entities, migrations } from './entities.js';
import { systemClock, type Clock } from './kernel/clock.js';
import { HoldfastError } from './kernel/errors.js';
import type { Config } from './platform/config/config.js';
import { programName } from './platform/config/program.js';
import { openFileKeyRing, type KeyRing } from './platform/crypto/keyring.js';
import { connectDatabase, createAct, createBookkeeping, type Act, type Database } from './platform/db/index.js';
import { createLogger, type Logger } from './platform/log/log.js';
import { createMetrics, type Metrics } from './platform/log/metrics.js';
import { createBullQueue } from './platform/queue/bull-queue.js';
import type { Queue } from './platform/queue/queue.js';

export interface Platform {
  readonly config: Config; readonly clock: Clock; readonly log: Logger; readonly metrics: Metrics; readonly database: Database;
  readonly act: Act; readonly bookkeeping: Act; readonly keys: KeyRing;
  /** Opens the connection to Redis at first use; a gateway never needs it to serve. */
  queue(): Queue;
}

export interface App extends Platform {
  readonly ledger: Ledger;
  readonly security: Security;
  readonly billing: Billing;
  readonly providers: Providers;
  readonly crossBorder: CrossBorder;
  readonly vault: Vault;
  readonly retention: Retention;
  readonly gateway: Gateway;
  readonly cases: Cases;
  readonly evidence: Evidence;
  close(): Promise<void>;
}

/** Builds everything one process needs. `role` names it in logs and on ledger batches. Throws `invalid_configuration` without a database. */
export async function createApp(config: Config, role: string, overrides: { clock?: Clock; log?: Logger } = {}): Promise<App> {
  if (!config.databaseUrl) throw new HoldfastError('invalid_configuration', 'no database: set DATABASE_URL, or start the instance of this HOLDFAST_HOME');
  const clock = overrides.clock ?? systemClock;
  const log = overrides.log ?? createLogger(role, config.logLevel);
  const database = await connectDatabase(config.databaseUrl, entities, migrations);
  const keys = openFileKeyRing(config.home);
  const act = createAct(database.source), bookkeeping = createBookkeeping(database.source);
  let queue: Queue | undefined;
  const platform: Platform = {
    config, clock, log, metrics: createMetrics(), database, act, bookkeeping, keys,
    queue: () => {
      if (!config.redisUrl) throw new HoldfastError('invalid_configuration', 'no Redis: set REDIS_URL, or start the instance of this HOLDFAST_HOME');
      return queue ??= createBullQueue({ redisUrl: config.redisUrl, log });
    },
  };
  const ledger = createLedger({ clock, database, keys, act, bookkeeping, log, home: config.home, origin: config.logOrigin, anchorDir: config.anchorDir, tsaUrl: config.tsaUrl });
  const security = createSecurity({ clock, database, bookkeeping, ledger });
  const billing = createBilling({ ...platform, ledger, security, timeZone: config.timeZone });
  const providers = createProviders({ clock, database, ledger, keys });
  const crossBorder = createCrossBorder({ clock, database, ledger, timeZone: config.timeZone });
  const vault = createVault({ ...platform, ledger, security, home: config.home });
  const retention = createRetention({ ...platform, ledger, security, vault, timeZone: config.timeZone, grace: config.shorteningGrace, program: programName() });
  const gateway = createGateway({ ...platform, vault, ledger });
  const cases = createCases({ ...platform, ledger, security, billing, providers, retention, gateway });
  const evidence = createEvidence({ ...platform, ledger, security, billing, providers, crossBorder, retention, gateway, cases });
  return { ...platform, ledger, security, billing, providers, crossBorder, vault, retention, gateway, cases, evidence, close: async () => { await queue?.close(); await database.close(); } };
}
