// The transaction as an unforgeable argument: only `act` and `bookkeeping` make one, only stores can look inside.
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../kernel/actor.js';

const managers = new WeakMap<Tx, EntityManager>();

/** An open transaction. Nominal: it cannot be built outside this folder. */
export class Tx {
  readonly #brand = true;
  ledgered = false;
  readonly afterCommit: (() => void | Promise<void>)[] = [];
  readonly actor: Actor;
  private constructor(actor: Actor) { this.actor = actor; }
  /** @internal for act.ts */
  static open(actor: Actor, manager: EntityManager): Tx {
    const tx = new Tx(actor);
    managers.set(tx, manager);
    return tx;
  }
  /** Runs after the commit and never after a rollback; what must not be lost belongs into a row instead. */
  onCommit(run: () => void | Promise<void>): void { if (this.#brand) this.afterCommit.push(run); }
}

/** The entity manager of a transaction; for `*.store.ts` alone (test/architecture holds this). */
export function managerOf(tx: Tx): EntityManager {
  const manager = managers.get(tx);
  if (!manager) throw new TypeError('the transaction is over or was not opened by act');
  return manager;
}

/** @internal A transaction that ended must not be used again. */
export function closeTx(tx: Tx): void { managers.delete(tx); }
