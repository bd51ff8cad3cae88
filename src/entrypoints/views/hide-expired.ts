// What is past its retention is hidden from every reading at once; a purge removes it within its deadline. Holds grant no reading.
import type { App } from '../../app.js';
import type { DataType } from '../../kernel/data-types.js';

/** Whether the retention of an item is over. `clockStart` is when its clock began: for records of calls, when they were made. */
export async function isExpired(app: Pick<App, 'retention'>, dataType: DataType, accountId: string | null, clockStart: Date): Promise<boolean> {
  const cutOff = await app.retention.readCutOff(dataType, accountId ?? undefined);
  return cutOff !== null && clockStart < cutOff;
}

/** The items that may still be shown, in their order. Cut-offs are cached by the slice, so this costs no query for each. */
export async function withoutExpired<T>(app: Pick<App, 'retention'>, dataType: DataType, items: readonly T[], factsOf: (item: T) => { accountId: string | null; clockStart: Date }): Promise<T[]> {
  const shown: T[] = [];
  for (const item of items) {
    const { accountId, clockStart } = factsOf(item);
    if (!await isExpired(app, dataType, accountId, clockStart)) shown.push(item);
  }
  return shown;
}
