// The face of the cases slice: disputes, lawful requests and requests of the people the data is about.
import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { Json } from '../../kernel/canonical-json.js';
import { isUuid } from '../../kernel/ids.js';
import type { KeyRing } from '../../platform/crypto/keyring.js';
import type { Act, Database } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import { createMailer, type Mailer } from '../../platform/mail/mailer.js';
import type { JobDefinition } from '../../platform/queue/queue.js';
import type { Config } from '../../platform/config/config.js';
import type { Billing } from '../billing/index.js';
import type { Gateway } from '../gateway/index.js';
import type { Ledger } from '../ledger/index.js';
import type { Providers } from '../providers/index.js';
import type { Retention } from '../retention/index.js';
import { can, type Security } from '../security/index.js';
import { createFileDesk, type FileDesk } from './attach-file.js';
import { createCaseClocks } from './case-clocks.js';
import { createCaseFiles } from './case-files.js';
import { createCaseHolds } from './case-holds.js';
import { createCaseJobs } from './cases.jobs.js';
import type { CaseRow, WholeCase } from './case.js';
import { listCases, onPool, readCase, readParts, readPressing, type CaseFilter, type RunningClock } from './case.view.js';
import { readClockSettings } from './clock-settings.store.js';
import { collect } from './collect.view.js';
import { readDisclosures, readReported, type DisclosureEntry } from './disclosures.view.js';
import { createEffects } from './effects.js';
import { MACHINES } from './kinds.js';
import { createImportUsage, type ImportUsage } from './import-usage.js';
import { createLinkCase, type LinkCase } from './link-case.js';
import { readCasePayments } from './case-payments.view.js';
import { createLinkPayment, type LinkPayment } from './link-payment.js';
import { CASE_KINDS, type CaseKind, type ClockPreset } from './machine.js';
import { createMoveCase, type MoveCase } from './move-case.js';
import { createOpenCase, type OpenCase } from './open-case.js';
import { reconcile, type Reconciliation, type Tolerance } from './reconcile-rules.js';
import { createPreviewUsage, type PreviewUsage } from './preview-usage.js';
import { createRemindDeadlines } from './remind-deadlines.js';
import { createSetClock, PRESETS, type SetClock } from './set-clock.js';
import { readCallsAround, readImport, readImports, readOurs, readTheirs, type CallAround, type UsageImport } from './usage.view.js';
import { reportOn, type TransparencyReport } from './transparency-rules.js';

export { LARGEST_FILE } from './case-files.js';
export { FILE_ROLES, type CaseClock, type CaseCollection, type CaseFile, type CaseMove, type CaseRow, type FileRole, type MovedCase, type OpenCaseInput, type OpenedCase, type WholeCase } from './case.js';
export { STAGES, stageOf, type Stage } from './clock-rules.js';
export { mermaidOf, tablesOf } from './diagram.js';
export type { DisclosureEntry } from './disclosures.view.js';
export { isCaseKind, MACHINES } from './kinds.js';
export { CASE_KINDS, type CaseKind, type CaseMachine, type FieldRule, type MoveRule } from './machine.js';
export { CLASSES, MOST_LINES, type Reconciliation, type Tolerance } from './reconcile-rules.js';
export type { CallAround, UsageImport } from './usage.view.js';
export { possibleMoves } from './move-rules.js';
export { csvOf, FIGURES, SMALLEST_TOLD, transparencyCsv, type TransparencyReport } from './transparency-rules.js';

export interface CasesDeps {
  readonly config: Pick<Config, 'home' | 'timeZone' | 'publicUrl' | 'bind' | 'consolePort' | 'smtpUrl' | 'mailFrom'>; readonly clock: Clock; readonly log: Logger; readonly database: Database; readonly keys: KeyRing;
  readonly act: Act; readonly bookkeeping: Act; readonly ledger: Ledger; readonly security: Security; readonly billing: Billing; readonly retention: Retention; readonly gateway: Gateway;
  readonly providers: Providers;
}
export type ClockPresetInForce = Omit<ClockPreset, 'match'> & { readonly kind: CaseKind; readonly clock: string; readonly setBy: string | null };

export interface Cases extends FileDesk {
  readonly openCase: OpenCase;
  readonly moveCase: MoveCase;
  readonly linkCase: LinkCase;
  readonly setClock: SetClock;
  readonly linkPayment: LinkPayment;
  /** Ids of the payments a dispute is about; by id or number of the case. */
  casePayments(idOrNumber: string): Promise<string[]>;
  /** A case by id or number with all about it, where the actor may see it. */
  findCase(actor: Actor, idOrNumber: string): Promise<WholeCase | undefined>;
  /** Newest first, only kinds the actor may see. */
  listCases(actor: Actor, filter: Omit<CaseFilter, 'kinds'> & { kind?: CaseKind | undefined }): Promise<CaseRow[]>;
  /** Running clocks that turned amber, soonest due first, of kinds the actor may see. */
  pressing(actor: Actor): Promise<RunningClock[]>;
  /** Runs a frozen query again: whether it finds exactly what it found. Rows that came or went since are a difference. */
  compareCollection(one: WholeCase, collectionId: string): Promise<{ same: boolean; found: Json; collected: Json } | undefined>;
  /** The disclosure log, newest first; for those who may see lawful requests. */
  disclosures(filter?: Parameters<typeof readDisclosures>[1]): Promise<DisclosureEntry[]>;
  /** Over lawful requests that reached us from `from` (included) to `to` (excluded). */
  transparency(from: Date, to: Date): Promise<TransparencyReport>;
  /** Every preset as it is in force, with who changed it. */
  clockPresets(): Promise<ClockPresetInForce[]>;
  readonly importUsage: ImportUsage;
  /** What a provider's file holds, by model, and what is wrong with it, by line; writes nothing. */
  readonly previewUsage: PreviewUsage;
  usageImports(): Promise<UsageImport[]>;
  /** The file against our calls of the same provider and UTC days. Undefined when there is no such import. */
  reconcileUsage(importId: string, tolerance: Tolerance): Promise<{ readonly imported: UsageImport; readonly result: Reconciliation } | undefined>;
  /** Calls of the same key within a day before and after, `each` on a side, oldest first; none where the call had no key. */
  callsAround(call: { readonly request_id: string; readonly account_id: string | null; readonly key_id: string | null }, each?: number): Promise<CallAround[]>;
  /** What the worker runs: `remind-cases` and `settle-ended-cases`. */
  readonly jobs: readonly JobDefinition[];
}

/** Builds the slice's face; the mail server is asked at the first reminder, not here. */
export function createCases(deps: CasesDeps): Cases {
  const { config, clock, log, act, billing, retention, gateway, ledger: { append } } = deps, { timeZone } = config, query = onPool(deps.database.reader);
  const files = createCaseFiles(config.home, deps.keys), holds = createCaseHolds({ clock, timeZone, retention, act, query, log }), clocks = createCaseClocks(timeZone);
  const use = { clock, timeZone, append, holds, clocks, billing, retention, gateway };
  const effects = createEffects({ ...use, files });
  let mailer: Mailer | undefined;
  const { smtpUrl, mailFrom } = config;
  const remind = createRemindDeadlines({ ...deps, timeZone, append, query, mailer: smtpUrl && mailFrom ? () => mailer ??= createMailer({ url: smtpUrl, from: mailFrom }) : null,
    consoleUrl: config.publicUrl?.replace(/\/+$/, '') ?? `http://${config.bind}:${config.consolePort}` });
  const visible = (actor: Actor): CaseKind[] => CASE_KINDS.filter((kind) => can(actor, MACHINES[kind].read));
  return {
    openCase: createOpenCase(use), moveCase: createMoveCase({ ...use, effects }), linkCase: createLinkCase(use), setClock: createSetClock(use), linkPayment: createLinkPayment(use), casePayments: (idOrNumber) => readCasePayments(query, idOrNumber), ...createFileDesk({ clock, act, append, files, query }),
    findCase: async (actor, idOrNumber) => {
      const one = await readCase(query, idOrNumber);
      return one && visible(actor).includes(one.kind) ? { ...one, ...await readParts(query, one.caseId) } : undefined;
    },
    listCases: async (actor, { kind, ...filter }) => (filter.requestId !== undefined && !isUuid(filter.requestId) ? [] : listCases(query, { ...filter, kinds: visible(actor).filter((one) => kind === undefined || one === kind) })),
    pressing: async (actor) => (await readPressing(query, clock.now())).filter((one) => visible(actor).includes(one.kind)),
    compareCollection: async (one, collectionId) => {
      const collected = one.collections.find((collection) => collection.collectionId === collectionId), found = collected && await collect(query, collected.parameters);
      if (!collected || !found) return undefined;
      const told = (counts: typeof collected.counts): Json => Object.fromEntries(Object.entries(counts).map(([type, count]) => [type, { rows: count.rows, ids_digest: count.idsDigest }]));
      return { same: found.digest === collected.digest, found: told(found.counts), collected: told(collected.counts) };
    },
    disclosures: (filter) => readDisclosures(query, filter),
    transparency: async (from, to) => reportOn(await readReported(query, from, to)),
    importUsage: createImportUsage({ clock, append, providers: deps.providers }), previewUsage: createPreviewUsage({ providers: deps.providers, query }), usageImports: () => readImports(query),
    reconcileUsage: async (importId, tolerance) => {
      const imported = await readImport(query, importId);
      return imported && { imported, result: reconcile(await readTheirs(query, imported.importId), await readOurs(query, imported), tolerance) };
    },
    callsAround: async ({ request_id: requestId, account_id: accountId, key_id: keyId }, each = 10) => (accountId === null || keyId === null ? [] : readCallsAround(query, { requestId, accountId, keyId }, Math.min(Math.max(each, 1), 100))),
    clockPresets: async () => {
      const settings = await readClockSettings(query);
      return PRESETS.map(({ kind, clock: name, id, due, amber, red, extension, source }) => { const set = settings[id]; return { kind, clock: name, id, due, amber, red, source, ...(extension === undefined ? {} : { extension }), ...(set ? { due: set.due, amber: set.amber, red: set.red, source: set.source } : {}), setBy: set?.setBy ?? null }; });
    },
    jobs: createCaseJobs({ remind, holds, files, query, log }),
  };
}
