// The three kinds of case as machines: what no order of moves, people and facts can bring about.
import fc from 'fast-check';
import { PERMISSIONS } from '../../../src/domain/security/index.js';
import { checkFields } from '../../../src/domain/cases/fact-rules.js';
import { MACHINES } from '../../../src/domain/cases/kinds.js';
import { CASE_KINDS, type CaseMachine, type Facts, type FieldRule, type MoveRule } from '../../../src/domain/cases/machine.js';
import { countedMoves, decideMove, possibleMoves, type CaseState, type Mover } from '../../../src/domain/cases/move-rules.js';
import { isRefusal } from '../../../src/kernel/result.js';

const NOW = new Date('2026-11-24T10:00:00Z'), ZONE = 'Europe/Berlin';
const ALL = CASE_KINDS.map((kind) => [kind, MACHINES[kind]] as const);
const PEOPLE = ['ada', 'ben', 'cem', 'dora', 'emil'];
/** The same walks at every run: what they reach is part of the test. */
const RUNS = { numRuns: 600, seed: 20261124 };
const mover = (person: string | null): Mover => ({ person, name: person ?? 'system', may: () => true });

function exampleOf(field: FieldRule): unknown {
  if (field.type === 'check') return true;
  if (field.type === 'choices') return field.values;
  if (field.type === 'choice') return field.values![0];
  if (field.type === 'country') return 'DE';
  if (field.type === 'instant') return '2026-11-24T09:00:00Z';
  if (field.type === 'day') return field.when === 'future' ? '2027-01-31' : '2026-11-20';
  return 'said so';
}
const filled = (fields: readonly FieldRule[]): Record<string, unknown> => Object.fromEntries(fields.map((field) => [field.name, exampleOf(field)]));

interface Step { readonly move: string; readonly person: string; readonly from: string; readonly to: string; readonly facts: Facts }
const start = (machine: CaseMachine, facts: Facts): CaseState => ({ state: machine.initial, facts, made: [{ move: 'open', person: 'ada' }], hasAccount: true, accountCountry: 'DE', files: ['instrument'], clocks: [] });

/** Walks at random, makes every move the rules let it make, and returns what happened. */
function walk(machine: CaseMachine, facts: Facts, choices: readonly { readonly move: number; readonly person: number }[]): Step[] {
  let now = start(machine, facts);
  const steps: Step[] = [];
  for (const { move: pick, person: who } of choices) {
    // Early ends and turning back are left out, or few walks would get anywhere; that they exist is tested above.
    const open = possibleMoves(machine, now).filter((one) => one.to !== undefined && (one.to === 'closed' || !machine.ends.includes(one.to)) && !/^(return|challenge|deny)/.test(one.name)), rule = open[pick % Math.max(1, open.length)], person = PEOPLE[who % PEOPLE.length]!;
    if (!rule) break;
    // A clock of the right name that is over lets the needs of time be met; the rules of time have tests of their own.
    const clocks = [{ name: 'cooling_off', dueAt: NOW, stoppedAt: null, extended: false }];
    const decided = decideMove(machine, { ...now, clocks }, rule.name, filled(rule.fields), mover(person), NOW, ZONE);
    if (isRefusal(decided)) continue;
    steps.push({ move: rule.name, person, from: now.state, to: decided.to, facts: decided.facts });
    now = { ...now, state: decided.to, facts: decided.facts, made: [...now.made, { move: rule.name, person }] };
  }
  return steps;
}
const choices = fc.array(fc.record({ move: fc.nat(40), person: fc.nat(4) }), { minLength: 40, maxLength: 160, size: 'max' });
const lawfulFacts = fc.record({ emergency: fc.boolean(), country: fc.constantFrom('DE', 'US', 'CN'), holding_country: fc.constant('DE') });
const rights = fc.record({ right: fc.constantFrom('access', 'portability', 'correction', 'erasure') });
/** Who made the last of these moves before the step. */
const lastMaker = (steps: readonly Step[], before: number, ...moves: string[]): string | undefined => steps.slice(0, before).findLast((step) => moves.includes(step.move))?.person;
const made = (steps: readonly Step[], before: number, move: string): boolean => steps.slice(0, before).some((step) => step.move === move);

describe.each(ALL)('the machine of a %s', (_, machine) => {
  test('names only states, permissions, clocks and moves that exist', () => {
    const states = Object.keys(machine.states), moves = ['open', ...machine.moves.map((move) => move.name)], clocks = machine.clocks.map((clock) => clock.name);
    expect(new Set(moves).size).toBe(moves.length);
    for (const move of machine.moves) {
      expect(PERMISSIONS).toContain(move.permission);
      for (const state of [...move.from, ...(move.to ? [move.to] : [])]) expect(states).toContain(state);
      for (const other of move.notBy ?? []) expect(moves).toContain(other);
      for (const clock of [move.starts, move.extends].filter((name) => name !== undefined)) expect(clocks).toContain(clock);
    }
    for (const clock of machine.clocks) {
      for (const move of clock.stoppedBy) expect(moves).toContain(move);
      expect(clock.presets.at(-1)!.match).toBeUndefined();
      expect(machine.moves.some((move) => move.starts === clock.name)).toBe(clock.starts === 'move');
    }
  });

  test('lets nothing out of an end state', () => {
    for (const end of machine.ends) expect(machine.moves.filter((move) => move.from.includes(end))).toEqual([]);
  });

  test('reaches every state from the first, and an end from every state', () => {
    const reach = (from: string, step: (state: string) => string[]): Set<string> => {
      const seen = new Set([from]), queue = [from];
      for (let state = queue.pop(); state !== undefined; state = queue.pop()) for (const next of step(state)) if (!seen.has(next)) { seen.add(next); queue.push(next); }
      return seen;
    };
    const next = (state: string): string[] => machine.moves.filter((move) => move.from.includes(state) && move.to).map((move) => move.to!);
    expect([...reach(machine.initial, next)].sort()).toEqual(Object.keys(machine.states).sort());
    for (const state of Object.keys(machine.states)) expect(machine.ends.some((end) => reach(state, next).has(end))).toBe(true);
  });

  test('gives every approval a list of people it may not come from, and takes approvals from people alone', () => {
    for (const move of machine.moves.filter((one) => one.approval)) {
      expect(move.notBy?.length).toBeGreaterThan(0);
      const decided = decideMove(machine, { ...start(machine, {}), state: move.from[0]! , facts: Object.fromEntries((move.where ?? []).map((one) => [one.field, one.in[0]!])) }, move.name, filled(move.fields), mover(null), NOW, ZONE);
      expect(decided).toMatchObject({ refused: true, code: 'four_eyes_required' });
    }
  });

  test('refuses a move without its permission, from another state, and with a field it does not know', () => {
    const rule = machine.moves.find((move) => move.from.includes(machine.initial))!, state = start(machine, {});
    expect(decideMove(machine, state, rule.name, filled(rule.fields), { ...mover('ada'), may: () => false }, NOW, ZONE)).toMatchObject({ code: 'forbidden' });
    expect(decideMove(machine, { ...state, state: machine.ends[0]! }, rule.name, filled(rule.fields), mover('ada'), NOW, ZONE)).toMatchObject({ code: 'conflict' });
    expect(decideMove(machine, state, rule.name, { ...filled(rule.fields), surprise: 'x' }, mover('ada'), NOW, ZONE)).toMatchObject({ code: 'invalid_request', field: 'surprise' });
    expect(decideMove(machine, state, 'no_such_move', {}, mover('ada'), NOW, ZONE)).toMatchObject({ code: 'invalid_request' });
  });
});

test('no lawful request is released without the word of somebody who neither collected nor minimised nor proposed', () => {
  let released = 0;
  fc.assert(fc.property(lawfulFacts, choices, (facts, picks) => {
    const steps = walk(MACHINES.lawful_request, facts, picks);
    for (const [at, step] of steps.entries()) {
      if (step.move !== 'release') continue;
      released += 1;
      const approver = lastMaker(steps, at, 'approve_release');
      expect(approver).toBeDefined();
      for (const other of steps.slice(0, at)) if (['collect', 'minimise', 'propose_scope', 'authorise_emergency'].includes(other.move)) expect(other.person).not.toBe(approver);
      expect(step.person).not.toBe(approver);
    }
  }), RUNS);
  expect(released).toBeGreaterThan(20);
});

test('nothing is collected for an authority before two different people approved who prepared none of it, but in an emergency', () => {
  let collected = 0;
  fc.assert(fc.property(lawfulFacts, choices, (facts, picks) => {
    const steps = walk(MACHINES.lawful_request, facts, picks);
    for (const [at, step] of steps.entries()) {
      if (step.move !== 'collect') continue;
      collected += 1;
      if (made(steps, at, 'authorise_emergency')) { expect(facts.emergency).toBe(true); continue; }
      const counsel = lastMaker(steps, at, 'approve_counsel')!, second = lastMaker(steps, at, 'approve_second')!;
      expect(new Set([counsel, second, step.person]).size).toBe(3);
      expect([counsel, second]).not.toContain('ada');
      const preparers = steps.slice(0, at).filter((one) => ['complete_intake', 'confirm_authenticity', 'pass_jurisdiction', 'narrow', 'propose_scope'].includes(one.move)).map((one) => one.person);
      expect(preparers).not.toContain(counsel);
      expect(preparers).not.toContain(second);
    }
  }), RUNS);
  expect(collected).toBeGreaterThan(20);
});

test('an emergency release ends only approved by two people afterwards, or reported', () => {
  let ended = 0;
  fc.assert(fc.property(lawfulFacts.map((facts) => ({ ...facts, emergency: true })), choices, (facts, picks) => {
    const steps = walk(MACHINES.lawful_request, facts, picks);
    for (const [at, step] of steps.entries()) {
      if (step.to !== 'closed' || !made(steps, at, 'authorise_emergency')) continue;
      ended += 1;
      const first = lastMaker(steps, at, 'approve_post_1'), second = lastMaker(steps, at, 'approve_post_2');
      expect(made(steps, at, 'report_irregular') || (first !== undefined && second !== undefined && first !== second)).toBe(true);
    }
  }), RUNS);
  expect(ended).toBeGreaterThan(20);
});

test('nothing is erased on the word of one person, and never before the report was sent and the wait was over', () => {
  let erased = 0;
  fc.assert(fc.property(fc.record({ right: fc.constantFrom('correction', 'erasure', 'erasure', 'erasure', 'erasure') }), choices, (facts, picks) => {
    const steps = walk(MACHINES.subject_request, facts, picks);
    for (const [at, step] of steps.entries()) {
      if (step.move !== 'execute_erasure') continue;
      erased += 1;
      expect(facts.right).toBe('erasure');
      expect(made(steps, at, 'check_holds')).toBe(true);
      const first = lastMaker(steps, at, 'approve_erasure_report')!, second = lastMaker(steps, at, 'approve_erasure')!;
      expect(first).not.toBe(second);
      expect(second).not.toBe('ada');
      expect(second).not.toBe(step.person);
    }
  }), RUNS);
  expect(erased).toBeGreaterThan(20);
});

test('no answer leaves, no refusal stands and no dispute is submitted on the word of who prepared it', () => {
  fc.assert(fc.property(fc.constantFrom('subject_request' as const, 'dispute' as const), rights, choices, (kind, facts, picks) => {
    const steps = walk(MACHINES[kind], facts, picks), by = (move: string): MoveRule => MACHINES[kind].moves.find((one) => one.name === move)!;
    for (const [at, step] of steps.entries()) {
      for (const other of steps.slice(0, at)) if (by(step.move).notBy?.includes(other.move)) expect(other.person).not.toBe(step.person);
      if (step.move === 'respond') expect(made(steps, at, 'approve_answer') || made(steps, at, 'approve_erasure')).toBe(true);
      if (step.move === 'submit') expect(made(steps, at, 'approve_evidence')).toBe(true);
    }
  }), RUNS);
});

test('what counts for four eyes is every approval and everything an approval is kept apart from', () => {
  expect([...countedMoves(MACHINES.dispute)].sort()).toEqual(['approve_evidence', 'select_evidence']);
  expect(countedMoves(MACHINES.lawful_request).has('collect')).toBe(true);
  expect(countedMoves(MACHINES.lawful_request).has('give_notice')).toBe(false);
});

test('a request of a foreign authority for data under a blocking statute does not pass without ground and reference', () => {
  const machine = MACHINES.lawful_request, current = { ...start(machine, { country: 'US' }), state: 'jurisdiction', accountCountry: 'CN' };
  const pass = (given: Record<string, unknown>): unknown => decideMove(machine, current, 'pass_jurisdiction', { entity_served: 'Example Ltd', holding_country: 'DE', ...given }, mover('ada'), NOW, ZONE);
  expect(pass({})).toMatchObject({ code: 'conflict', field: 'statutes', message: expect.stringContaining('PIPL art. 41') });
  expect(pass({ statutes: 'cn-pipl-41, cn-dsl-36 eu-gdpr-48' })).toMatchObject({ code: 'invalid_request', field: 'statute_ground' });
  expect(pass({ statutes: 'cn-pipl-41, cn-dsl-36 eu-gdpr-48', statute_ground: 'authority_approval', statute_reference: 'MOJ 2026-17' })).toMatchObject({ to: 'review' });
  expect(decideMove(machine, { ...current, facts: { country: 'DE' }, accountCountry: 'DE' }, 'pass_jurisdiction', { entity_served: 'Example Ltd', holding_country: 'IE' }, mover('ada'), NOW, ZONE)).toMatchObject({ to: 'review' });
});

test('fields are checked by their rules: choices, days, instants, lines, and what a choice makes required', () => {
  const check = (rule: FieldRule, value: unknown): unknown => checkFields([rule], { [rule.name]: value }, {}, NOW, ZONE);
  expect(check({ name: 'd', type: 'day' }, '2026-02-29')).toMatchObject({ refused: true, field: 'd' });
  expect(check({ name: 'd', type: 'day', when: 'past' }, '2026-11-25')).toMatchObject({ refused: true });
  expect(check({ name: 'd', type: 'day', when: 'future' }, '2026-11-23')).toMatchObject({ refused: true });
  expect(check({ name: 'i', type: 'instant', when: 'past' }, '2026-11-24T10:00+01:00')).toEqual({ i: '2026-11-24T09:00:00.000Z' });
  expect(check({ name: 'i', type: 'instant', when: 'past' }, '2026-11-24T12:00Z')).toMatchObject({ refused: true });
  expect(check({ name: 't', type: 'text' }, 'two\nlines')).toMatchObject({ refused: true });
  expect(check({ name: 't', type: 'area' }, 'half a pair \uD800')).toMatchObject({ refused: true });
  expect(check({ name: 'c', type: 'choices', values: ['a', 'b'] }, ['b', 'a', 'b'])).toEqual({ c: ['a', 'b'] });
  expect(check({ name: 'c', type: 'country' }, 'zz')).toMatchObject({ refused: true });
  expect(check({ name: 'x', type: 'text', required: true }, '  ')).toMatchObject({ message: 'x is required' });
  const answer = MACHINES.subject_request.moves.find((move) => move.name === 'propose_answer')!.fields;
  expect(checkFields(answer, { answer: 'partial' }, {}, NOW, ZONE)).toMatchObject({ refused: true, field: 'refused_part' });
  expect(checkFields(answer, { answer: 'whole' }, {}, NOW, ZONE)).toEqual({ answer: 'whole' });
});
