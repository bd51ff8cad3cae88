import { PRESETS, scopeOf } from '../../../domain/retention/index.js';
import { DATA_TYPES } from '../../../kernel/data-types.js';
import { HoldfastError } from '../../../kernel/errors.js';
import { isPeriod } from '../../../kernel/period.js';
import { EXIT, UsageError, type Command } from '../frame/command.js';
import { dataTypeOf } from '../frame/shared-options.js';
import { facts, table } from '../frame/table.js';

const typeOption = { type: { value: 'TYPE', required: true, help: `one of ${DATA_TYPES.join(', ')}` } };

export const retentionCommands: readonly Command[] = [{
  name: 'retention explain', summary: 'Tell which policies speak of a record, which decides, when it goes and what stops it',
  options: { ...typeOption, id: { value: 'ID', required: true, help: "the record's own id, or that of its call" } }, example: 'holdfast retention explain --type api_call_metadata --id 01999d5e-7b3c-7000-8000-000000000000',
  run: (call) => call.withApp(async (app) => {
    const dataType = dataTypeOf(call.need('type'), '--type'), id = call.need('id'), record = await app.retention.findRecord(dataType, id);
    if (!record) throw new HoldfastError('not_found', `no record ${id.slice(0, 80)} of ${dataType} is on record; it never was, or it was purged`);
    const { considered, holds, minimums, ...rest } = await app.retention.explain({ dataType, createdAt: record.at, accountId: record.accountId, clockStart: record.clockStart, keyId: record.keyId, requestId: record.requestId, itemId: record.itemId });
    call.print({ record, considered, minimums, holds, ...rest }, [
      facts({ record: `${record.table} ${record.id}`, account: record.accountId, made: record.at, 'kept by law until': rest.retainUntil, goes: rest.deleteAt, ...(rest.restricted ? { 'restricted by erasure': rest.restricted.erasureId } : {}), ...(rest.waitingFor ? { 'waits for': rest.waitingFor } : {}) }), '',
      table(considered, { DECIDES: (one) => one.decides ? '*' : '', LEVEL: (one) => one.level, KEEP: (one) => one.policy.keep, FROM: (one) => one.policy.startsAt, ENDS: (one) => one.endsAt, SOURCE: (one) => one.policy.source }, 'no policy speaks of it, so it stays'), '',
      table(minimums, { MINIMUM: (one) => one.id, KEEP: (one) => one.keep, ENDS: (one) => one.endsAt, SOURCE: (one) => one.source }, 'no legal minimum applies'), '',
      table(holds, { HOLD: (one) => one.holdId, MATTER: (one) => one.matter, PLACED: (one) => one.placedAt, 'PROTECTS UNTIL': (one) => one.protectsUntil }, 'no hold stops it'),
    ].join('\n'));
    return EXIT.done;
  }),
}, {
  name: 'retention simulate', summary: 'Count what a policy would delete, beside what is due today; changes nothing',
  options: { ...typeOption, keep: { value: 'PERIOD', required: true, help: 'ISO 8601: P12M, P3Y, P30D' }, account: { value: 'ID', help: 'for this account' }, jurisdiction: { value: 'XX', help: 'for accounts of this jurisdiction' } },
  example: 'holdfast retention simulate --type api_call_metadata --keep P6M',
  run: (call) => call.withApp(async (app) => {
    const keep = call.need('keep');
    if (!isPeriod(keep)) throw new UsageError(`--keep "${keep}" is not a period such as P12M, P3Y or P30D`);
    const found = await app.retention.simulate({ dataType: dataTypeOf(call.need('type'), '--type'), keep, accountId: call.text('account'), jurisdiction: call.text('jurisdiction') });
    const sides = [{ name: 'today', ...found.today }, { name: keep, ...found.draft }];
    call.print(found, table(sides, { POLICY: (one) => one.name, 'ROWS DUE': (one) => one.rows, BYTES: (one) => one.bytes, ACCOUNTS: (one) => one.accounts, OLDEST: (one) => one.oldest, 'ROWS HELD': (one) => one.heldRows, BEFORE: (one) => one.cutOff }, ''));
    return EXIT.done;
  }),
}, {
  name: 'retention waiting', summary: 'List what waits for its event before any clock runs', example: 'holdfast retention waiting',
  run: (call) => call.withApp(async (app) => {
    const found = await app.retention.waiting();
    call.print({ data: found }, table(found, { 'DATA TYPE': (one) => one.dataType, CLOCK: (one) => one.clock, ACCOUNT: (one) => one.accountId ?? 'all', ROWS: (one) => one.rows, ACCOUNTS: (one) => one.accounts, SINCE: (one) => one.since }, 'nothing waits for an event'));
    return EXIT.done;
  }),
}, {
  name: 'retention policies', summary: 'List the policies in force', options: { all: { help: 'scheduled, superseded and withdrawn ones too' } }, example: 'holdfast retention policies',
  run: (call) => call.withApp(async (app) => {
    const found = await app.retention.policies({ inForce: !call.flag('all') });
    call.print({ data: found }, table(found, { POLICY: (one) => one.policyId, 'DATA TYPE': (one) => one.dataType, FOR: (one) => one.itemIds ? `${one.itemIds.length} items` : scopeOf(one), KEEP: (one) => one.keep, FROM: (one) => one.startsAt, VERSION: (one) => one.version, STATUS: (one) => one.status,
      EFFECTIVE: (one) => one.effectiveFrom, LOCKED: (one) => one.locked ? 'yes' : '', SOURCE: (one) => one.source }, 'there are no policies'));
    return EXIT.done;
  }),
}, {
  name: 'retention presets', summary: 'List what is usual by data type and jurisdiction: suggested, editable, to be confirmed with counsel', example: 'holdfast retention presets',
  run: (call) => {
    call.print({ data: PRESETS }, table(PRESETS, { 'DATA TYPE': (one) => one.dataType, REGION: (one) => one.region, MINIMUM: (one) => one.min, SUGGESTED: (one) => one.suggested, MAXIMUM: (one) => one.max, SOURCE: (one) => one.source }, ''));
    return Promise.resolve(EXIT.done);
  },
}];
