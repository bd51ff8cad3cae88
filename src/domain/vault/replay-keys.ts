// After a restore: what was wrapped anew is so again, and what was destroyed stays destroyed.
import type { Json } from '../../kernel/canonical-json.js';
import type { KeyProvider } from '../../platform/crypto/key-provider.js';
import type { Tx } from '../../platform/db/index.js';
import { CONTENT_SIDES, type ContentSide } from './content-rules.js';
import { replaceWrappedKey } from './content.store.js';

export interface ReplayKeys {
  /** Puts the pieces a restored database has under the key they were moved to; answers how many there were. */
  rewrap(tx: Tx, body: { readonly [key: string]: Json }): Promise<number>;
  /** Destroys the keys of these names that came back with a backup of the keys; answers their names. */
  destroy(names: readonly string[]): Promise<string[]>;
}

export function createReplayKeys(keys: KeyProvider): ReplayKeys {
  return {
    rewrap: async (tx, body) => {
      const { side, key, pieces } = body as unknown as { side: ContentSide; key: string; pieces: { request_id: string; wrapped_key: string }[] };
      if (!CONTENT_SIDES.includes(side)) throw new TypeError(`no side ${String(side)}`);
      let found = 0;
      for (const piece of pieces) found += await replaceWrappedKey(tx, side, piece.request_id, key, Buffer.from(piece.wrapped_key, 'base64'));
      return found;
    },
    destroy: async (names) => {
      const destroyed: string[] = [];
      for (const name of names) if (await keys.destroyKey(name)) destroyed.push(name);
      return destroyed;
    },
  };
}
