import { HoldfastError } from '../../../kernel/errors.js';
import { formatMicros } from '../../../kernel/money.js';
import type { CallStoryAnswer } from '../../http/api/calls.schemas.js';
import { callStory } from '../../views/call-story.view.js';
import { readingFor } from '../../views/hide-expired.js';
import { EXIT, type Command } from '../frame/command.js';
import { Verbatim } from '../frame/make-call.js';
import { purposeFrom, purposeOption } from '../frame/shared-options.js';
import { facts, table } from '../frame/table.js';

export const lookupCommand: Command = {
  name: 'lookup', summary: "Tell the story of a call by its request id, ours, the provider's, the answer's or the client's; the reading is on record",
  arguments: [{ name: 'ID', help: 'x-request-id of the answer, or the id the provider, the answer or the client gave' }],
  options: { explain: { help: 'work the charge out again line by line, and tell transfers, retention and proof' }, ...purposeOption('troubleshooting') }, example: 'holdfast lookup 01999d5e-7b3c-7000-8000-000000000000 --explain',
  run: (call) => call.withApp(async (app, actor) => {
    const id = call.argument('ID'), purpose = purposeFrom(call, 'troubleshooting');
    const story = await readingFor(app, actor, purpose, () => callStory(app, id));
    if (!story) throw new HoldfastError('not_found', `no call on record has the id ${id.slice(0, 100)}`);
    // The record first: nothing is shown that is not on record as seen.
    await app.act(actor, (tx) => app.ledger.append(tx, { action: 'call.view', subjectKind: 'call', subjectId: story.request_id, purpose }));
    call.print(new Verbatim(story), call.flag('explain') ? `${summary(story)}\n\n${explanation(story)}` : summary(story));
    return EXIT.done;
  }),
};

function money(micros: number | string, currency: string | null): string { return `${formatMicros(BigInt(micros))} ${currency ?? ''}`.trim(); }

function summary(story: CallStoryAnswer): string {
  const { usage } = story;
  return facts({
    'request id': story.request_id, 'provider\'s id': story.upstream_request_id, 'answer\'s id': story.answer_id, 'client\'s id': story.client_request_id, session: story.session_id, at: story.at, ended: story.ended_at, account: story.account, key: story.key_name ?? story.key,
    call: `${story.method} ${story.path}${story.stream ? ' (stream)' : ''}`, model: story.served_model && story.served_model !== story.model ? `${story.model} (served as ${story.served_model})` : story.model,
    provider: story.provider, status: `${story.status}${story.http_status > 0 ? `, HTTP ${story.http_status}` : ''}${story.refusal_code ? `, ${story.refusal_code}` : ''}`,
    usage: `${usage.input} input, ${usage.cache_read} cache read, ${usage.cache_write} cache write, ${usage.output} output of which ${usage.reasoning} reasoning${unitsText(usage.units)} (${story.usage_source})`,
    cost: money(story.cost_micros, story.currency),
  });
}

function unitsText(units: CallStoryAnswer['usage']['units']): string { return Object.entries(units ?? {}).map(([unit, count]) => `, ${count} ${unit.replaceAll('_', ' ')}`).join(''); }

const REASONS: Record<CallStoryAnswer['charge_reason'], string> = {
  priced: '', nothing_used: 'nothing was used, so nothing was charged', refused: 'the call was refused before anything left, so nothing was used or charged',
  no_price: 'no price was in force for this model at this provider on the day the call arrived; what was used cost nothing',
  unknown: 'the gateway died before it could say what was used; nothing was charged',
};
const SOURCES: Record<string, string> = {
  reported: 'usage as the provider reported it', estimated: 'usage estimated by us, because the provider did not report it (the answer broke off, or came without usage): a token for every four bytes of text that passed',
  none: 'no usage: nothing came that is charged for', counted: 'the usage of this answer was counted, and charged, with an earlier call that got the same answer (same answer id)',
};

function chargeText({ charge, ...story }: CallStoryAnswer): string[] {
  const reason = REASONS[story.charge_reason], used = SOURCES[story.usage_source] ?? story.usage_source;
  if (!charge) return [`${reason || REASONS.no_price}; ${used}`, `total ${money(story.cost_micros, story.currency)} on record`];
  const until = charge.effective_until === null ? '' : ` until ${charge.effective_until}`;
  return [
    `price ${charge.price_id}: ${charge.model} at ${charge.provider} from ${charge.effective_from}${until}, version ${charge.version}, ${charge.source === null ? 'set by hand' : `from ${charge.source}`}`,
    ...(charge.long_context_above === null ? [] : [`the rates for long context hold: the whole input is above ${charge.long_context_above} tokens`]), used,
    table(charge.lines, { BUCKET: (line) => line.bucket, UNITS: (line) => line.units, '': () => '×', 'PER MILLION': (line) => formatMicros(BigInt(line.micros_per_million)), ' ': () => '=', COST: (line) => formatMicros(BigInt(line.cost_micros)) },
      reason || 'no tokens were used'),
    `each line is units × price ÷ 1,000,000, rounded half up to a millionth of ${charge.currency}; the total is their sum`,
    ...(story.usage.reasoning > 0 ? [`of the output ${story.usage.reasoning} tokens were reasoning, paid as output`] : []),
    ...(charge.unpriced_units.length > 0 ? [`used, but not named by the price and so not charged: ${charge.unpriced_units.join(', ')}`] : []),
    `total ${money(charge.total_micros, charge.currency)}, ${charge.matches_record ? 'as on record' : `but the record says ${money(story.cost_micros, story.currency)}`}`,
  ];
}

function explanation(story: CallStoryAnswer): string {
  const { proof } = story, sealed = proof?.records.filter((record) => record.state === 'sealed').length ?? 0;
  return [
    'Charge', ...chargeText(story), '',
    'Transfers', table(story.transfers, { ATTEMPT: (one) => one.attempt, AT: (one) => one.at, PROVIDER: (one) => one.provider, 'LEGAL ENTITY': (one) => one.legal_entity, FROM: (one) => one.origin, TO: (one) => one.jurisdictions,
      'CROSS-BORDER': (one) => one.cross_border, BASIS: (one) => one.basis, TERMS: (one) => one.terms_version, OUTCOME: (one) => one.outcome?.outcome ?? 'open' }, 'nothing left this gateway'), '',
    'Retention', table(Object.entries(story.retention), { 'DATA TYPE': ([type]) => type, STORED: ([, one]) => one.stored, POLICY: ([, one]) => one.policy && `${one.policy.keep} from ${one.policy.starts_at}`,
      'NOT BEFORE': ([, one]) => one.retain_until, DUE: ([, one]) => one.delete_at, 'WAITS FOR': ([, one]) => one.waiting_for }, 'no policy applies'),
    ...story.holds.map((hold) => `held: ${hold.matter}, since ${hold.placed_at}, to be reviewed on ${hold.review_on}`), '',
    'Proof', proof ? `${sealed} of ${proof.records.length} records are in the log${proof.tree_size === null ? '' : `, proven against the checkpoint of ${proof.tree_size} leaves`}` : 'no record can be proven',
  ].join('\n');
}
