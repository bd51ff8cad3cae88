import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { CASE_KINDS, FILE_ROLES, MACHINES, possibleMoves, stageOf, type WholeCase } from '../../../domain/cases/index.js';
import { HoldfastError } from '../../../kernel/errors.js';
import { EXIT, type Call, type Command, UsageError } from '../frame/command.js';
import { Verbatim } from '../frame/make-call.js';
import { oneOf } from '../frame/shared-options.js';
import { facts, table } from '../frame/table.js';

const CASE = { name: 'CASE', help: 'id or number, such as D-2026-0001' };
const fieldOption = { field: { value: 'NAME=VALUE', multiple: true, help: 'an answer to a field of the form; docs/cases.md lists them. Lists are separated by commas; NAME=@FILE takes the text of a file' } };
/** Fields that take a list or yes and no, by what the data says of them. */
const RULES = new Map(CASE_KINDS.flatMap((kind) => [...MACHINES[kind].openFields, ...MACHINES[kind].moves.flatMap((move) => move.fields)]).map((field) => [field.name, field.type]));

export const caseCommands: readonly Command[] = [{
  name: 'case list', summary: 'List cases, newest first, with their next deadline', example: 'holdfast case list --kind dispute --open',
  options: { kind: { value: 'KIND', help: `one of ${CASE_KINDS.join(', ')}` }, state: { value: 'STATE', help: 'only cases in this state' }, account: { value: 'ID', help: 'only cases of this account' }, open: { help: 'only those that have not ended' } },
  run: (call) => call.withApp(async (app, actor) => {
    const kind = call.text('kind'), found = await app.cases.listCases(actor, { kind: kind === undefined ? undefined : oneOf(CASE_KINDS, kind, '--kind'), state: call.text('state'), accountId: call.text('account'), ...(call.flag('open') ? { open: true } : {}) });
    const pressing = new Map((await app.cases.pressing(actor)).map((clock) => [clock.caseId, clock] as const)), now = app.clock.now();
    call.print({ data: found.map(({ facts: _facts, ...row }) => row) }, table(found, { CASE: (one) => one.number, KIND: (one) => one.kind, STATE: (one) => one.state, ACCOUNT: (one) => one.accountId, OPENED: (one) => one.openedAt, 'OPENED BY': (one) => one.openedBy,
      CLOCK: (one) => { const clock = pressing.get(one.caseId); return clock && stageOf(clock, now); }, DUE: (one) => pressing.get(one.caseId)?.dueAt, ENDED: (one) => one.endedAt }, 'there are no cases'));
    return EXIT.done;
  }),
}, {
  name: 'case show', summary: 'Show one case with its clocks, moves and files; the reading is on record', arguments: [CASE], example: 'holdfast case show D-2026-0001',
  run: (call) => call.withApp(async (app, actor) => {
    const one = await app.cases.findCase(actor, call.argument('CASE'));
    if (!one) throw new HoldfastError('not_found', `there is no case ${call.argument('CASE')}; holdfast case list tells them`);
    await app.act(actor, (tx) => app.ledger.append(tx, { action: 'case.view', subjectKind: 'case', subjectId: one.caseId, purpose: MACHINES[one.kind].purpose }));
    call.print(new Verbatim({ ...one, nextMoves: possibleMoves(MACHINES[one.kind], one).map((move) => move.name) }), tell(one, app.clock.now()));
    return EXIT.done;
  }),
}, {
  name: 'case open', summary: 'Open a case with its number, clocks and hold', arguments: [{ name: 'KIND', help: `one of ${CASE_KINDS.join(', ')}` }],
  options: { account: { value: 'ID', help: 'the account it concerns; of a dispute that of its calls' }, request: { value: 'REQUEST_ID', multiple: true, help: "a call it is about: ours, the provider's or the client's id" }, ...fieldOption },
  example: 'holdfast case open dispute --request 01999d5e-7b3c-7000-8000-000000000000 --field topic=billing --field "complaint=Charged twice?"',
  run: (call) => call.withApp(async (app, actor) => {
    const kind = oneOf(CASE_KINDS, call.argument('KIND'), 'KIND'), accountId = call.text('account');
    const opened = call.accept(await app.act(actor, (tx) => app.cases.openCase(tx, { kind, requestIds: call.texts('request'), facts: fieldsOf(call), ...(accountId === undefined ? {} : { accountId }) })));
    call.print(opened, facts({ case: opened.number, id: opened.caseId, hold: opened.holdId }));
    return EXIT.done;
  }),
}, {
  name: 'case move', summary: 'Make a move; what counts for four eyes is made by people at the console, not here', arguments: [CASE, { name: 'MOVE', help: 'as `holdfast case show` tells them' }], options: fieldOption,
  example: 'holdfast case move D-2026-0001 take_up --field "note=looking into it"',
  run: (call) => call.withApp(async (app, actor) => {
    const moved = call.accept(await app.act(actor, (tx) => app.cases.moveCase(tx, call.argument('CASE'), call.argument('MOVE'), fieldsOf(call))));
    call.print(new Verbatim(moved), facts({ case: moved.number, state: moved.state, ...moved.effects }));
    return EXIT.done;
  }),
}, {
  name: 'case attach', summary: 'Store a file for a case, sealed; its hash goes on record', arguments: [CASE, { name: 'FILE', help: 'of at most 20 MB' }],
  options: { role: { value: 'ROLE', required: true, help: `one of ${FILE_ROLES.join(', ')}` }, type: { value: 'MEDIA_TYPE', help: 'application/pdf unless given' } }, example: 'holdfast case attach L-2026-0001 order.pdf --role instrument',
  run: (call) => call.withApp(async (app, actor) => {
    const path = call.argument('FILE'), role = oneOf(FILE_ROLES, call.need('role'), '--role');
    const file = call.accept(await app.cases.attachFile(actor, call.argument('CASE'), { role, name: basename(path), mediaType: call.text('type') ?? 'application/pdf', bytes: readFileSync(path) }));
    call.print(file, facts({ file: file.fileId, role: file.role, bytes: file.bytes, 'sha-256': file.sha256 }));
    return EXIT.done;
  }),
}];

function tell(one: WholeCase, now: Date): string {
  const about = facts({ case: one.number, kind: one.kind, state: one.state, account: one.accountId, opened: one.openedAt, by: one.openedBy, ended: one.endedAt, hold: one.holdId, 'next moves': possibleMoves(MACHINES[one.kind], one).map((move) => move.name), calls: one.requestIds });
  const clocks = table(one.clocks, { CLOCK: (clock) => clock.name, STAGE: (clock) => (clock.stoppedAt ? 'stopped' : stageOf(clock, now)), DUE: (clock) => clock.dueAt, SOURCE: (clock) => clock.source }, 'no clocks');
  const moves = table(one.moves, { AT: (move) => move.at, MOVE: (move) => move.move, STATE: (move) => move.toState, BY: (move) => move.actorName }, 'no moves');
  return [about, clocks, moves, ...(one.files.length > 0 ? [table(one.files, { FILE: (file) => file.name, ROLE: (file) => file.role, BYTES: (file) => file.bytes, 'SHA-256': (file) => file.sha256, DESTROYED: (file) => file.destroyedAt }, '')] : [])].join('\n\n');
}

/** NAME=VALUE pairs as the rules take them. */
function fieldsOf(call: Call): Record<string, unknown> {
  return Object.fromEntries(call.texts('field').map((pair) => {
    const at = pair.indexOf('='), name = pair.slice(0, at), given = pair.slice(at + 1), type = RULES.get(name);
    if (at < 1) throw new UsageError(`--field "${pair}" has not the form NAME=VALUE`);
    const value = given.startsWith('@') ? readFileSync(given.slice(1), 'utf8') : given;
    if (type === 'check') return [name, oneOf(['yes', 'no'], value, `--field ${name}`) === 'yes'];
    return [name, type === 'choices' ? value.split(',').map((one) => one.trim()).filter((one) => one !== '') : value];
  }));
}
