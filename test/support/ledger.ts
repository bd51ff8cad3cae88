// Records for the ledger tests, and an independent look at what the sealer made.
import type pg from 'pg';
import type { App } from '../../src/app.js';
import type { LedgerRecord } from '../../src/domain/ledger/index.js';
import { batchStatement } from '../../src/domain/ledger/write-records.js';
import { createAnchorCheck } from '../../src/domain/ledger/check-anchor.js';
import { createLogKey } from '../../src/domain/ledger/log-key.js';
import { createPublisher, type Publisher } from '../../src/domain/ledger/publish-log.js';
import { createSealer, type Sealer } from '../../src/domain/ledger/run-sealer.js';
import { sealStore } from '../../src/domain/ledger/seal.store.js';
import type { SealDeps } from '../../src/domain/ledger/seal-batches.js';
import { mintId } from '../../src/kernel/ids.js';

/** A security event record of this moment, with something in every kind of column it has. */
export function anEvent(app: Pick<App, 'clock'>, kind = 'test'): LedgerRecord {
  const at = app.clock.now();
  return { table: 'security_events', row: { event_id: mintId(at), at, kind, severity: 'info', account_id: 'a', key_id: null, operator_id: null, address: '192.0.2.1', detail: { n: 1, text: 'é "日本"', list: [1.5, true, null] } } };
}

/** Writes batches of these sizes, each one statement; returns the ids of all records in leaf order if sealed in this order. */
export async function writeBatches(app: Pick<App, 'clock' | 'database'>, sizes: readonly number[], target: pg.Pool | pg.Client = app.database.pool): Promise<string[]> {
  const ids: string[] = [];
  for (const size of sizes) {
    const records = Array.from({ length: size }, () => anEvent(app));
    ids.push(...records.map((record) => (record.row as { event_id: string }).event_id));
    const { text, values } = batchStatement(records, 'test', app.clock.now());
    await target.query(text, values);
  }
  return ids;
}

/** A sealer beside the app's own, with a lease holder's name of its own; `changes` replaces steps. */
export function aSealer(app: App, changes: Partial<SealDeps> & { publisher?: Publisher; log?: App['log'] } = {}): Sealer {
  const at = { home: app.config.home, reader: app.database.reader, key: createLogKey(app.keys, app.config.logOrigin) };
  return createSealer({ bookkeeping: app.bookkeeping, clock: app.clock, key: at.key, store: sealStore, holder: `sealer ${mintId(app.clock.now())}`, reader: app.database.reader,
    checkAnchor: createAnchorCheck(at), publisher: createPublisher(at), log: app.log, ...changes });
}
