// Whether a move may be made, by whom, with what. Pure: the same answer for the same case, person and instant.
import type { Jurisdiction } from '../../kernel/jurisdiction.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import type { Permission } from '../security/index.js';
import { statutesFor } from './blocking-statutes.js';
import { checkFields, matches } from './fact-rules.js';
import type { CaseMachine, Facts, MoveRule, Need } from './machine.js';

/** What the rules need to know of a case. */
export interface CaseState {
  readonly state: string;
  readonly facts: Facts;
  /** Opening counts as the move `open`. Each with the person behind it, whatever credential was used. */
  readonly made: readonly { readonly move: string; readonly person: string }[];
  readonly clocks: readonly { readonly name: string; readonly dueAt: Date; readonly stoppedAt: Date | null; readonly extended: boolean }[];
  readonly hasAccount: boolean;
  /** Jurisdiction of the account, where there is one. */
  readonly accountCountry: Jurisdiction | null;
  /** Roles of the files: 'instrument'. */
  readonly files: readonly string[];
}
/** Who moves. `person` is null where no person stands behind it: our own processes and the command line. */
export interface Mover { readonly person: string | null; readonly name: string; readonly may: (permission: Permission) => boolean }

export interface Decision { readonly rule: MoveRule; readonly to: string; readonly given: Facts; readonly facts: Facts }

/** The move carried out on paper: new state and facts, or why not. */
export function decideMove(machine: CaseMachine, current: CaseState, move: string, given: Readonly<Record<string, unknown>>, mover: Mover, now: Date, timeZone: string): Decision | Refusal {
  const rule = machine.moves.find((one) => one.name === move);
  if (!rule) return refuse('invalid_request', `a ${machine.kind} knows no move ${move.slice(0, 60)}; there are ${machine.moves.map((one) => one.name).join(', ')}`, 'move');
  if (!mover.may(rule.permission)) return refuse('forbidden', `${mover.name} lacks the permission ${rule.permission}; an administrator can give a role that has it`);
  if (!isPossible(rule, current)) return refuse('conflict', `${move} is not possible ${machine.ends.includes(current.state) ? `any more: the case ended as ${current.state}` : `in state ${current.state}`}; possible are ${possibleMoves(machine, current).map((one) => one.name).join(', ') || 'none'}`, 'move');
  const eyes = checkEyes(machine, rule, current, mover);
  if (eyes) return eyes;
  const fields = checkFields(rule.fields, given, current.facts, now, timeZone);
  if (isRefusal(fields)) return fields;
  const facts: Facts = { ...current.facts, ...fields, ...rule.sets };
  for (const need of rule.needs ?? []) {
    const missing = NEEDS[need]({ ...current, facts }, rule, now);
    if (missing) return missing;
  }
  return { rule, to: rule.to ?? current.state, given: fields, facts };
}

/** Moves of the state whose facts fit, whoever asks. */
export function possibleMoves(machine: CaseMachine, current: Pick<CaseState, 'state' | 'facts'>): MoveRule[] {
  return machine.moves.filter((rule) => isPossible(rule, current));
}

function isPossible(rule: MoveRule, current: Pick<CaseState, 'state' | 'facts'>): boolean { return rule.from.includes(current.state) && matches(rule.where, current.facts); }

/** Moves that count for four eyes: approvals, and whatever an approval or an extraction may not share its maker with. */
export function countedMoves(machine: CaseMachine): ReadonlySet<string> {
  return new Set(machine.moves.flatMap((rule) => [...rule.notBy ?? [], ...(rule.approval || rule.notBy ? [rule.name] : [])]));
}

function checkEyes(machine: CaseMachine, rule: MoveRule, current: CaseState, mover: Mover): Refusal | undefined {
  if (mover.person === null) return countedMoves(machine).has(rule.name) ? refuse('four_eyes_required', `${rule.name} counts for four eyes: a person makes it, signed in to the console or by a token of his own`) : undefined;
  const clash = current.made.find((one) => one.person === mover.person && (rule.notBy ?? []).includes(one.move));
  return clash && refuse('four_eyes_required', `${mover.name} made the move ${clash.move} in this case; ${rule.name} needs another person`);
}

const NEEDS: Readonly<Record<Need, (current: CaseState, rule: MoveRule, now: Date) => Refusal | undefined>> = {
  instrument_on_file: ({ files }) => (files.includes('instrument') ? undefined : refuse('conflict', 'file the instrument first: its hash goes on record before anything else')),
  account_known: ({ hasAccount }) => (hasAccount ? undefined : refuse('conflict', 'name the account first: the case concerns none yet')),
  cooling_off_over: ({ clocks }, _, now) => {
    const clock = clocks.find((one) => one.name === 'cooling_off' && one.stoppedAt === null);
    return clock && clock.dueAt <= now ? undefined : refuse('conflict', `the person may object until ${clock?.dueAt.toISOString() ?? 'the report was sent and the wait is over'}; approve after that`);
  },
  extension_unused: ({ clocks }, rule, now) => {
    const clock = clocks.find((one) => one.name === rule.extends && one.stoppedAt === null);
    if (!clock) return refuse('conflict', `no clock ${rule.extends} runs`);
    if (clock.extended) return refuse('conflict', 'it was extended before; the law allows it once');
    return clock.dueAt <= now ? refuse('conflict', 'the first period is over; an extension has to be told within it') : undefined;
  },
  statutes_answered: ({ facts, accountCountry }) => {
    const holding = String(facts['holding_country'] ?? ''), open = statutesFor(String(facts['country'] ?? ''), [holding, ...(accountCountry ? [accountCountry] : [])]);
    if (open.length === 0) return undefined;
    const named = String(facts['statutes'] ?? '').split(/[\s,]+/), missing = open.find((one) => !named.includes(one.id));
    if (missing) return refuse('conflict', `${missing.source} applies: ${missing.says}. Name it in statutes (${open.map((one) => one.id).join(', ')}), with ground and reference, or block the request`, 'statutes');
    return facts['statute_ground'] && facts['statute_reference'] ? undefined : refuse('invalid_request', `say on which ground ${named.join(', ')} let this through, and where that is written`, 'statute_ground');
  },
};
