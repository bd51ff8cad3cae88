// Whom a policy is for, as one word: two policies of the same word are versions of one another. Pure.
import { sha256Hex } from '../../kernel/digest.js';

interface Scoped { readonly accountId?: string | null | undefined; readonly jurisdiction?: string | null | undefined; readonly itemIds?: readonly string[] | null | undefined }

/** `all`, `jurisdiction:DE`, `account:acme`, or `items:` with a digest of the sorted ids. */
export function scopeOf({ accountId, jurisdiction, itemIds }: Scoped): string {
  if (itemIds) return `items:${sha256Hex([...new Set(itemIds)].sort().join('\n')).slice(0, 32)}`;
  return accountId ? `account:${accountId}` : jurisdiction ? `jurisdiction:${jurisdiction}` : 'all';
}
