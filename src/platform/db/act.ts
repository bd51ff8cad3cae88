// Changes made by people: one transaction, and no commit unless a ledger record was appended in it.
import type { DataSource } from 'typeorm';
import type { Actor } from '../../kernel/actor.js';
import { HoldfastError } from '../../kernel/errors.js';
import { isRefusal } from '../../kernel/result.js';
import { closeTx, Tx } from './tx.js';

/** Runs `work` in one transaction and commits it; a refusal it returns rolls back and is passed on. */
export type Act = <T>(actor: Actor, work: (tx: Tx) => Promise<T>) => Promise<T>;

/**
 * `act(actor, work)`: throws `unledgered_write` (and rolls back) when the work wrote something and appended no ledger record.
 * PostgreSQL itself says whether something was written: a transaction gets an id at its first write.
 */
export function createAct(source: DataSource): Act {
  return (actor, work) => transaction(source, actor, work, true);
}

/** Like `act` for writes that are no facts (counters, leases, session state): needs no ledger record. */
export function createBookkeeping(source: DataSource): Act {
  return (actor, work) => transaction(source, actor, work, false);
}

class RolledBack extends Error { constructor(readonly value: unknown) { super('rolled back'); } }

async function transaction<T>(source: DataSource, actor: Actor, work: (tx: Tx) => Promise<T>, mustLedger: boolean): Promise<T> {
  let tx: Tx | undefined;
  try {
    const result = await source.transaction(async (manager) => {
      tx = Tx.open(actor, manager);
      const value = await work(tx);
      if (isRefusal(value)) throw new RolledBack(value);
      if (mustLedger && !tx.ledgered) {
        const [row] = await manager.query('SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS wrote') as { wrote: boolean }[];
        if (row?.wrote) throw new HoldfastError('unledgered_write', `a change by ${actor.name} had no ledger record and was rolled back`);
      }
      return value;
    });
    // Commit point passed: the change and its record exist together. What follows may be lost by a crash.
    for (const run of tx?.afterCommit ?? []) await run();
    return result;
  } catch (error) {
    if (error instanceof RolledBack) return error.value as T;
    throw error;
  } finally { if (tx) closeTx(tx); }
}
