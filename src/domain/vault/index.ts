// The face of the vault slice: content of calls, kept only under a grant, sealed before it is written, opened on record, shredded by key.
import { systemActor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { createFileKeyProvider } from '../../platform/crypto/key-provider.js';
import type { Act, Database, Question } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import type { Ledger } from '../ledger/index.js';
import type { Security } from '../security/index.js';
import { BREAK_GLASS_ACTION, createRequestOpening, type RequestOpening } from './break-glass.js';
import { contentQuestion, readContentFacts, type ContentFacts } from './content.view.js';
import type { ContentGrant } from './grant.js';
import { createGrantContent, type GrantContent } from './grant-content.js';
import { readGrants } from './grants.view.js';
import { createKeepContent, type KeepContent } from './keep-content.js';
import { createOpenContent, type OpenContent } from './open-content.js';
import { createReplayKeys, type ReplayKeys } from './replay-keys.js';
import { createRevokeGrant, type RevokeGrant } from './revoke-grant.js';
import { createShredContent, type ShredContent } from './shred-content.js';

export { CONTENT_SIDES, GRANT_KINDS, GRANT_TRIGGERS, grantFor, LONGEST_KEEP_HOURS, OPENING_PURPOSES, type ContentSide, type GrantFacts, type GrantKind, type GrantTrigger } from './content-rules.js';
export type { ContentFacts } from './content.view.js';
export { LONGEST_GRANT_DAYS } from './grant-content.js';
export type { ContentGrant, GrantInput } from './grant.js';
export type { KeepContent, KeptContent } from './keep-content.js';
export { readableText } from './readable-text.js';
export type { OpenedContent, OpeningInput } from './open-content.js';

export interface VaultDeps { readonly clock: Clock; readonly database: Database; readonly act: Act; readonly ledger: Ledger; readonly security: Pick<Security, 'requestApproval' | 'onApproval' | 'approvals'>; readonly log: Logger; /** HOLDFAST_HOME, where the keys are. */ readonly home: string }

export interface Vault {
  readonly grantContent: GrantContent;
  readonly revokeGrant: RevokeGrant;
  readonly openContent: OpenContent;
  /** Asks a second person to let content be opened for a purpose its grant does not name. */
  readonly requestOpening: RequestOpening;
  readonly keepContent: KeepContent;
  readonly shredContent: ShredContent;
  /** For `retention.replayPurges`, after a restore. */
  readonly replayKeys: ReplayKeys;
  /** Newest first; of one account when given; `openAt`: only those in force then or later. */
  grants(filter?: { accountId?: string; openAt?: Date }): Promise<ContentGrant[]>;
  /** What is kept of a call and not past its time; never the content. */
  contentOf(requestId: string): Promise<ContentFacts[]>;
  /** The same as a question, for who asks more in the same round trip. */
  contentQuestion(requestId: string): Question<ContentFacts[]>;
}

export function createVault({ clock, database, act, ledger, security, log, home }: VaultDeps): Vault {
  const keys = createFileKeyProvider(home), use = { clock, append: ledger.append };
  // The approval itself changes nothing: it lets its asker open the piece, within the hour.
  security.onApproval(BREAK_GLASS_ACTION, { approved: () => Promise.resolve(undefined) });
  return {
    grantContent: createGrantContent(use), revokeGrant: createRevokeGrant(use), openContent: createOpenContent({ ...use, keys, security }),
    requestOpening: createRequestOpening({ clock, security }),
    keepContent: createKeepContent({ pool: database.pool, keys }),
    replayKeys: createReplayKeys(keys),
    shredContent: createShredContent({ ...use, removals: ledger.removals, act, keys, log, actor: systemActor('vault') }),
    grants: (filter) => readGrants(database.reader, filter),
    contentOf: (requestId) => readContentFacts(database.reader, requestId, clock.now()), contentQuestion: (requestId) => contentQuestion(requestId, clock.now()),
  };
}
