// What the disclosure log says of a release, from the moves of the case alone. Pure.
import type { DataType } from '../../kernel/data-types.js';
import type { Uuid } from '../../kernel/ids.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { CaseMove, CaseRow, CollectionParameters, WholeCase } from './case.js';
import type { Facts } from './machine.js';

/** One entry; append-only. Receipt and notice come later and stand on the moves of the case. */
export interface Disclosure {
  readonly disclosureId: Uuid; readonly caseId: Uuid; readonly at: Date; readonly authority: string; readonly country: string; readonly instrumentType: string; readonly reference: string;
  readonly servedOn: string; readonly dueAt: Date | null; readonly legalBasis: string; readonly selectors: CollectionParameters; readonly accountIds: readonly string[]; readonly dataTypes: readonly DataType[];
  readonly includesBodies: boolean; readonly rows: bigint; readonly collectionDigest: string; readonly narrowing: string | null; readonly rejectedPart: string | null; readonly takenOut: string;
  readonly reviewer: string; readonly approvers: readonly string[]; readonly extractor: string; readonly releasedBy: string; readonly packSha256: string | null; readonly recipient: string; readonly delivery: string;
  readonly emergency: boolean; readonly cost: string | null;
}

/** The entry for a release of the newest collection; refused where there is none, or the pack's hash is none. */
export function disclosureOf(one: CaseRow, parts: Pick<WholeCase, 'moves' | 'clocks' | 'collections'>, facts: Facts, made: Pick<Disclosure, 'disclosureId' | 'at' | 'releasedBy'>): Disclosure | Refusal {
  const collection = parts.collections.at(-1), pack = text(facts, 'pack_sha256');
  if (!collection) return refuse('conflict', 'nothing was collected that could be released');
  if (pack !== null && !/^[0-9a-f]{64}$/.test(pack)) return refuse('invalid_request', 'pack_sha256 is the SHA-256 of the pack in lower-case hex', 'packSha256');
  const maker = (...moves: string[]): string | null => parts.moves.findLast((move: CaseMove) => moves.includes(move.move))?.actorName ?? null;
  const said = (name: string): string => text(facts, name) ?? 'not stated';
  return {
    ...made, caseId: one.caseId, authority: said('authority'), country: said('country'), instrumentType: said('instrument_type'), reference: said('reference'), servedOn: said('served_on'),
    dueAt: parts.clocks.findLast((clock) => clock.name === 'answer')?.dueAt ?? null, legalBasis: said('legal_basis'), selectors: collection.parameters,
    accountIds: one.accountId === null ? [] : [one.accountId], dataTypes: collection.parameters.dataTypes, includesBodies: false,
    rows: Object.values(collection.counts).reduce((sum, count) => sum + BigInt(count.rows), 0n), collectionDigest: collection.digest,
    narrowing: text(facts, 'narrowing'), rejectedPart: text(facts, 'rejected_part') ?? text(facts, 'left_out'), takenOut: said('taken_out'),
    reviewer: maker('propose_scope', 'authorise_emergency') ?? 'not stated', approvers: [maker('approve_counsel'), maker('approve_second'), maker('approve_release')].filter((name) => name !== null),
    extractor: maker('collect') ?? 'not stated', packSha256: pack, recipient: said('recipient'), delivery: said('delivery'), emergency: facts['emergency_lane'] === true, cost: text(facts, 'cost'),
  };
}

function text(facts: Facts, name: string): string | null { const value = facts[name]; return typeof value === 'string' ? value : null; }
