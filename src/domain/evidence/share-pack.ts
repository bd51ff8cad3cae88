// Delivery links: a pack leaves the house by a token that is shown once, expires, is counted and can be revoked. Each use is on the ledger
// before the first byte leaves.
import { randomBytes } from 'node:crypto';
import { systemActor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { sha256 } from '../../kernel/digest.js';
import { isUuid, mintId, type Uuid } from '../../kernel/ids.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import { cleanText } from '../../kernel/text.js';
import type { Act, Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { countDownload, insertLink, lockLink, revokeLink } from './link.store.js';
import type { PackFile } from './pack-files.js';
import type { PackRow } from './pack.js';

export interface LinkInput { readonly packId: Uuid; /** Who gets it, in the operator's words. */ readonly recipient: string; /** 1 to 30. */ readonly days: number; /** 1 to 100; every file of the pack counts. */ readonly mostDownloads: number }
export interface NewLink { readonly linkId: Uuid; /** Shown once and kept nowhere. */ readonly token: string; readonly expiresAt: Date }
export interface SharePackDeps {
  readonly clock: Clock; readonly append: AppendRecord; readonly act: Act;
  readonly findPack: (packId: Uuid) => Promise<PackRow | undefined>; readonly packFile: (packId: Uuid, volume?: number) => Promise<PackFile | undefined>;
}

const DAY_MS = 86_400_000;
const TOKEN = /^hfl_[A-Za-z0-9_-]{43}$/;
/** One answer for every token that opens nothing, so that nobody learns which ones ever did. */
const NO_LINK = refuse('not_found', 'this link is not valid, or no longer');

/** Makes a link. Refusals: forbidden, not_found, conflict (not ready), invalid_request. */
export function createLinkPack(deps: SharePackDeps): (tx: Tx, input: LinkInput) => Promise<NewLink | Refusal> {
  return async (tx, { packId, recipient, days, mostDownloads }) => {
    const no = forbid(tx.actor, 'evidence.create') ?? forbid(tx.actor, 'evidence.read');
    if (no) return no;
    const name = cleanText(recipient.trim(), 200) ?? '';
    if (name === '') return refuse('invalid_request', 'say who gets the link', 'recipient');
    if (!Number.isInteger(days) || days < 1 || days > 30) return refuse('invalid_request', 'a link lasts 1 to 30 days', 'days');
    if (!Number.isInteger(mostDownloads) || mostDownloads < 1 || mostDownloads > 100) return refuse('invalid_request', 'a link is good for 1 to 100 downloads', 'mostDownloads');
    const pack = await deps.findPack(packId);
    if (!pack) return refuse('not_found', `no pack ${packId}`, 'packId');
    if (pack.state !== 'ready') return refuse('conflict', `the pack is ${pack.state}`);
    const token = `hfl_${randomBytes(32).toString('base64url')}`, madeAt = deps.clock.now(), linkId = mintId(madeAt), expiresAt = new Date(madeAt.getTime() + days * DAY_MS);
    await insertLink(tx, { linkId, packId, recipient: name, madeBy: tx.actor.name, madeAt, expiresAt, mostDownloads }, sha256(token));
    await deps.append(tx, { action: 'pack.link', subjectKind: 'pack', subjectId: packId, purpose: pack.purpose, after: { link_id: linkId, recipient: name, expires_at: expiresAt.toISOString(), most_downloads: mostDownloads, sha256: pack.sha256 } });
    return { linkId, token, expiresAt };
  };
}

/** Ends a link. Refusals: forbidden, not_found (also when it was revoked before). */
export function createRevokeLink(deps: SharePackDeps): (tx: Tx, linkId: Uuid) => Promise<Refusal | undefined> {
  return async (tx, linkId) => {
    const no = forbid(tx.actor, 'evidence.create');
    if (no) return no;
    const packId = isUuid(linkId) ? await revokeLink(tx, linkId, tx.actor.name, deps.clock.now()) : undefined;
    if (packId === undefined) return refuse('not_found', 'there is no such link, or it was revoked before', 'linkId');
    await deps.append(tx, { action: 'pack.link_revoke', subjectKind: 'pack', subjectId: packId, after: { link_id: linkId } });
    return undefined;
  };
}

/** The file behind a token, counted and on record; nobody is signed in. Refusal: not_found, whatever the reason. */
export function createOpenLink(deps: SharePackDeps): (token: string, volume?: number) => Promise<PackFile | Refusal> {
  return async (token, volume = 0) => {
    if (!TOKEN.test(token)) return NO_LINK;
    let opened: PackFile | undefined;
    const refused = await deps.act(systemActor('delivery-link'), async (tx) => {
      const link = await lockLink(tx, sha256(token));
      if (!link || link.revokedAt !== null || link.expiresAt <= deps.clock.now() || link.downloads >= link.mostDownloads) return NO_LINK;
      const pack = await deps.findPack(link.packId), file = await deps.packFile(link.packId, volume);
      if (!pack || !file) return NO_LINK;
      await countDownload(tx, link.linkId);
      await deps.append(tx, { action: 'pack.download', subjectKind: 'pack', subjectId: link.packId, purpose: pack.purpose, after: { sha256: file.sha256, link_id: link.linkId, recipient: link.recipient, number: link.downloads + 1, request_id: pack.requestId } });
      opened = file;
      return undefined;
    });
    return isRefusal(refused) ? refused : opened ?? NO_LINK;
  };
}
