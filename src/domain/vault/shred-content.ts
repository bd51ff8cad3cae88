// Destroys the keys of days whose content is past its time. After that no copy of the ciphertext opens, wherever it may lie.
import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { KeyProvider } from '../../platform/crypto/key-provider.js';
import type { Act, Tx } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import type { AppendRecord, Removals } from '../ledger/index.js';
import { heldKeyName, keyFacts, type ContentSide } from './content-rules.js';
import { findOverdueUnder, isKeyInUse, replaceWrappedKey } from './content.store.js';
import { rewrapKey } from './envelope.js';

export interface ShredDeps { readonly clock: Clock; readonly act: Act; readonly actor: Actor; readonly append: AppendRecord; readonly removals: Pick<Removals, 'append'>; readonly keys: KeyProvider; readonly log: Logger }
const BATCH = 500;

/**
 * Call it after the purge of content: what is still there then is held. It is wrapped anew under a held key, so that the day's key can
 * die on time. Answers the names of the keys destroyed. Safe to repeat and after a crash anywhere: nothing is destroyed while in use.
 */
export type ShredContent = (side?: ContentSide) => Promise<string[]>;

export function createShredContent(deps: ShredDeps): ShredContent {
  return async (only) => {
    const destroyed: string[] = [], now = deps.clock.now();
    for (const name of await deps.keys.names()) {
      const facts = keyFacts(name);
      if (!facts || facts.dueAt > now || (only && facts.side !== only)) continue;
      if (!facts.held) await moveToHeldKey(deps, facts.side, name);
      if (await destroyIfUnused(deps, facts.side, name)) destroyed.push(name);
    }
    return destroyed;
  };
}

async function moveToHeldKey(deps: ShredDeps, side: ContentSide, name: string): Promise<void> {
  for (let moved = BATCH; moved === BATCH;) moved = await deps.act(deps.actor, (tx) => moveBatch(deps, tx, side, name));
}

async function moveBatch(deps: ShredDeps, tx: Tx, side: ContentSide, name: string): Promise<number> {
  const rows = await findOverdueUnder(tx, side, name, BATCH);
  if (rows.length === 0) return 0;
  const from = await deps.keys.findKey(name);
  if (!from) throw new Error(`content lies under the key ${name}, which is gone`);
  const heldName = heldKeyName(side, deps.clock.now()), to = await deps.keys.keyFor(heldName);
  const rewrapped: { request_id: string; wrapped_key: string }[] = [];
  for (const row of rows) {
    const place = { side, requestId: row.request_id, accountId: row.account_id, grantId: row.grant_id };
    const wrapped = rewrapKey(from, to, row.wrapped_key, place);
    await replaceWrappedKey(tx, side, row.request_id, heldName, wrapped);
    rewrapped.push({ request_id: row.request_id, wrapped_key: wrapped.toString('base64') });
  }
  // A backup has the pieces under the key that dies now: without this a restored hold would hold what nobody can open.
  await deps.removals.append(tx, { kind: 'rewrap', subject: name, body: { side, key: heldName, pieces: rewrapped } });
  await deps.append(tx, { action: 'content.rewrap', subjectKind: 'vault_key', subjectId: name, purpose: 'compliance_retention', after: { to: heldName, pieces: rows.length } });
  return rows.length;
}

/** The record first: a crash after it leaves a key that the next pass destroys, and a record that says so twice rather than never. */
async function destroyIfUnused(deps: ShredDeps, side: ContentSide, name: string): Promise<boolean> {
  const isFree = await deps.act(deps.actor, async (tx) => {
    const free = !await isKeyInUse(tx, side, name);
    if (!free) return false;
    await deps.append(tx, { action: 'content.shred', subjectKind: 'vault_key', subjectId: name, purpose: 'compliance_retention', after: { key: name } });
    await deps.removals.append(tx, { kind: 'shred', subject: name, body: {} });
    return true;
  });
  if (!isFree) return false;
  await deps.keys.destroyKey(name);
  deps.log.info('a key of the vault was destroyed', { key: name });
  return true;
}
