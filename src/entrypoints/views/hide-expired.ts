// What is past its retention is hidden from every reading at once; a purge removes it within its deadline. Holds grant no reading.
import type { App } from '../../app.js';
import { can } from '../../domain/security/index.js';
import type { Actor, Purpose } from '../../kernel/actor.js';
import type { DataType } from '../../kernel/data-types.js';

/** Whether the retention of an item is over, or an erasure restricts it. `clockStart` is when its clock began: for records of calls, when they were made; `itemId` is the id of its call. */
export async function isExpired(app: Pick<App, 'retention'>, dataType: DataType, accountId: string | null, clockStart: Date, itemId?: string): Promise<boolean> {
  if (await app.retention.isRestricted(dataType, { accountId, at: clockStart, itemId })) return true;
  const cutOff = await app.retention.readCutOff(dataType, accountId ?? undefined);
  return cutOff !== null && clockStart < cutOff;
}

/** The items that may still be shown, in their order. Cut-offs are cached by the slice, so this costs no query for each. */
export async function withoutExpired<T>(app: Pick<App, 'retention'>, dataType: DataType, items: readonly T[], factsOf: (item: T) => { accountId: string | null; clockStart: Date; itemId?: string }): Promise<T[]> {
  const shown: T[] = [];
  for (const item of items) {
    const { accountId, clockStart, itemId } = factsOf(item);
    if (!await isExpired(app, dataType, accountId, clockStart, itemId)) shown.push(item);
  }
  return shown;
}

/** Reads what is in restricted storage too, where an officer reads for compliance retention; as everybody else otherwise. */
export async function readingFor<T>(app: Pick<App, 'retention'>, actor: Actor, purpose: Purpose, work: () => Promise<T>): Promise<T> {
  return purpose === 'compliance_retention' && can(actor, 'purges.run') ? app.retention.withRestricted(work) : work();
}
