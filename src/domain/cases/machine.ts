// What a kind of case is, as data: states, moves, who may make them, fields, clocks. The three kinds stand in kinds/.
import type { Purpose } from '../../kernel/actor.js';
import type { Permission } from '../security/index.js';

export const CASE_KINDS = ['dispute', 'lawful_request', 'subject_request'] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

/** What a field takes: `text` one line, `area` several, `day` YYYY-MM-DD, `instant` RFC 3339 with offset, `country` ISO 3166-1 alpha-2. */
export type FieldType = 'text' | 'area' | 'day' | 'instant' | 'country' | 'choice' | 'choices' | 'check';
export interface FieldRule {
  readonly name: string;
  readonly type: FieldType;
  readonly required?: boolean;
  /** Required only where a fact has one of these values; facts of the same form count. */
  readonly requiredWhen?: FactMatch;
  readonly values?: readonly string[];
  /** A day that must not lie in the future (`past`) or the past (`future`). */
  readonly when?: 'past' | 'future';
}
export type FieldValue = string | boolean | readonly string[];
export type Facts = Readonly<Record<string, FieldValue>>;
/** True where the fact has one of the values; `true` and `false` as text for checks, an absent fact is `false`. */
export interface FactMatch { readonly field: string; readonly in: readonly string[] }

/** A span from the day of the start to the end of a later one (P1M, P45D), working days (B10), or exact hours (PT8H). */
export type Span = string;
export interface ClockPreset {
  readonly id: string;
  /** The first preset whose match holds counts; one without a match always does. */
  readonly match?: readonly FactMatch[];
  readonly due: Span;
  /** When it turns amber and red, counted like `due`. */
  readonly amber: Span;
  readonly red: Span;
  /** What an extension adds to all three. */
  readonly extension?: Span;
  /** The law or the house rule; `r`: from memory, to be confirmed with counsel. */
  readonly source: string;
}
export interface ClockRule {
  readonly name: string;
  /** At opening, or by a move that names it in `starts`. */
  readonly starts: 'open' | 'move';
  readonly stoppedBy: readonly string[];
  /** A fact with a day that replaces the preset's `due`, such as the date an order sets. */
  readonly dueField?: string;
  readonly presets: readonly ClockPreset[];
}

/** What must be so beside the state; each is a rule in move-rules.ts. */
export type Need = 'instrument_on_file' | 'statutes_answered' | 'cooling_off_over' | 'extension_unused' | 'account_known';
/** What a move does beside changing the state; carried out in its transaction. */
export type Effect = 'place_hold' | 'collect' | 'disclose' | 'destroy_identity_files' | 'restrict_subject' | 'preview_erasure' | 'approve_erasure_run' | 'start_erasure' | 'conclude_erasure' | 'lift_restriction';

export interface MoveRule {
  readonly name: string;
  readonly from: readonly string[];
  /** Absent: the case stays where it is. */
  readonly to?: string;
  readonly permission: Permission;
  readonly fields: readonly FieldRule[];
  /** Whoever made one of these moves in this case, however long ago, may not make this one. */
  readonly notBy?: readonly string[];
  /** A second person's word: made by people only. */
  readonly approval?: true;
  /** Only where the facts say so. */
  readonly where?: readonly FactMatch[];
  readonly needs?: readonly Need[];
  readonly effects?: readonly Effect[];
  /** Facts the move itself puts on the case. */
  readonly sets?: Facts;
  /** The clock it starts, or starts again; the clock it extends, once. */
  readonly starts?: string;
  readonly extends?: string;
  /** Ends, discloses or destroys something: the button and the question say so. */
  readonly grave?: true;
}

export interface CaseMachine {
  readonly kind: CaseKind;
  /** First letter of its numbers: L-2026-0001. */
  readonly letter: string;
  /** Under which published purpose its records are made. */
  readonly purpose: Purpose;
  readonly read: Permission;
  readonly open: Permission;
  readonly openFields: readonly FieldRule[];
  /** Whether opening places the hold; `unless` a fact forbids it. False: a move does. */
  readonly holdAtOpen: boolean | { readonly unless: FactMatch };
  /** Id and meaning, in the order of the usual course. */
  readonly states: Readonly<Record<string, string>>;
  readonly initial: string;
  readonly ends: readonly string[];
  readonly moves: readonly MoveRule[];
  readonly clocks: readonly ClockRule[];
}

/** Everything that is no end. */
export function openStates(machine: Pick<CaseMachine, 'states' | 'ends'>): string[] {
  return Object.keys(machine.states).filter((state) => !machine.ends.includes(state));
}
