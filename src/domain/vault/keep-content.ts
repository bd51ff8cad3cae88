// Seals content of a call and writes it. Plaintext never reaches the database, a log, a queue or a file.
import type { KeyProvider } from '../../platform/crypto/key-provider.js';
import type { Database } from '../../platform/db/index.js';
import { expiresAt, keyNameFor, type ContentSide, type GrantFacts } from './content-rules.js';
import { insertContent } from './content.store.js';
import { sealContent } from './envelope.js';

export interface KeptContent {
  readonly side: ContentSide; readonly requestId: string; readonly accountId: string; readonly keyId: string; readonly at: Date; readonly bytes: Uint8Array;
  readonly contentType: string | null;
  /** As it travelled; the bytes are still encoded so. */
  readonly contentEncoding: string | null;
  /** Whether its end was left out because it is too long. */
  readonly truncated: boolean;
}

/** Durable when it resolves; rejects when it could not be sealed or written, and then nothing of it is anywhere. */
export type KeepContent = (grant: GrantFacts, content: KeptContent) => Promise<void>;

export function createKeepContent(deps: { pool: Database['pool']; keys: KeyProvider }): KeepContent {
  // The day's few keys; a name from yesterday is dropped, so that no process holds a key longer than it seals with it.
  let day = '';
  const cached = new Map<string, Promise<Buffer>>();
  const dayKey = (name: string): Promise<Buffer> => {
    if (name.slice(-8) !== day) { day = name.slice(-8); cached.clear(); }
    let key = cached.get(name);
    if (!key) {
      cached.set(name, key = deps.keys.keyFor(name));
      key.catch(() => cached.delete(name));
    }
    return key;
  };
  return async (grant, { side, requestId, accountId, keyId, at, bytes, contentType, contentEncoding, truncated }) => {
    const keyName = keyNameFor(side, grant.kind, at);
    const { wrappedKey, sealed } = sealContent(await dayKey(keyName), bytes, { side, requestId, accountId, grantId: grant.grantId });
    await insertContent(deps.pool, side, { request_id: requestId, account_id: accountId, key_id: keyId, grant_id: grant.grantId, at, expires_at: expiresAt(grant, at), key_name: keyName,
      wrapped_key: wrappedKey, sealed, content_type: contentType, content_encoding: contentEncoding, content_bytes: bytes.length, truncated });
  };
}
