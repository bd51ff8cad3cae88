// The certificate of a purge run, from its signed body.
import type { Json } from '../../../kernel/canonical-json.js';
import { textOf } from '../pack-document.js';
import { heading, paragraph, SMALL } from '../pdf/blocks.js';
import { facts, table, type Cell } from '../pdf/table.js';
import { plain, type Words } from '../pdf/words.js';
import { clockTime, exact, said, utc, type Section } from './sheet.js';

type Body = { readonly [key: string]: Json };
const objectOf = (value: Json | undefined): Body => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Body : {});
const listOf = (value: Json | undefined): readonly Body[] => (Array.isArray(value) ? (value as readonly Json[]).map((one) => (typeof one === 'object' && one !== null ? one as Body : { value: one })) : []);
const time = (value: Json | undefined): string => (typeof value === 'string' && value.endsWith('Z') ? utc(value) : textOf(value) || '-');

export const purge: Section = async ({ pdf, labels, document }, parent) => {
  if (!document.purge) return;
  const { certificate_id: certificateId, signature, public_key: publicKey } = document.purge, body = document.purge.body as Body;
  await paragraph(pdf, parent, labels.words('purge.intro'));
  const held = objectOf(body['held']), verification = objectOf(body['verification']), before = objectOf(body['checkpoint_before']), after = objectOf(body['checkpoint_after']);
  const inLines = (lines: readonly Words[]): Cell => said(lines.length === 0 ? labels.words('doc.none') : lines.flat());
  const approvals = inLines(listOf(body['approvals']).map((one) => labels.words('purge.approval_value', { action: { label: 'action', word: textOf(one['action']) }, asked: textOf(one['requested_by']), asked_at: time(one['requested_at']), approved: textOf(one['approved_by']), approved_at: time(one['approved_at']), digest: textOf(one['digest']) })));
  const keys = inLines(listOf(body['keys_destroyed']).map((one) => labels.words('purge.key_value', { key: textOf(one['key'] ?? one['value']), at: time(one['at']) })));
  const rows: [string, Cell][] = [
    ['certificate_id', exact(certificateId)], ['run_id', exact(textOf(body['run_id']))], ['data_type', said(labels.word('data_type', textOf(body['data_type'])))], ['trigger', said(labels.word('purge.triggers', textOf(body['trigger'])))],
    ['cut_off', said(plain(time(body['cut_off'])))], ['rows_deleted', exact(textOf(body['rows_deleted']))], ['span', said([{ text: time(body['min_at']) }, { text: time(body['max_at']) }])],
    ['held', said(labels.words('purge.held_value', { rows: textOf(held['rows']) || '0' }))], ['approvals', approvals], ['keys_destroyed', keys],
    ['verified', said(plain(time(verification['at'])))], ['survivors', exact(textOf(verification['survivors']))],
    ['checkpoints', exact(`${textOf(before['tree_size']) || '-'} → ${textOf(after['tree_size']) || '-'}`)], ['issued_at', said(plain(time(body['issued_at'])))],
    ['signature', exact(signature)], ['public_key', exact(publicKey)],
  ];
  await facts(pdf, parent, rows.map(([key, cell]): [Words, Cell] => [labels.words(`purge.${key}`), cell]));
  await heading(pdf, parent, 2, labels.words('purge.items'));
  const short = (value: Json | undefined): string => (typeof value === 'string' && value.endsWith('Z') ? clockTime(value) : textOf(value) || '-');
  await table(pdf, parent, [{ title: labels.words('purge.table'), share: 0.2 }, { title: labels.words('purge.part'), share: 0.26 }, { title: labels.words('purge.how'), share: 0.16 }, { title: labels.words('purge.rows'), share: 0.1, align: 'right' }, { title: labels.words('purge.span'), share: 0.28 }],
    listOf(body['items']).map((one) => [exact(short(one['table'])), exact(short(one['partition'])), said(labels.word('purge.methods', short(one['method']))), exact(short(one['rows_deleted'])), exact(`${short(one['min_at'])} ${short(one['max_at'])}`)]));
  if (typeof body['residual_copies'] === 'string') { await heading(pdf, parent, 2, labels.words('purge.residual')); await paragraph(pdf, parent, labels.words('purge.residual_note')); await paragraph(pdf, parent, plain(body['residual_copies']), SMALL); }
};
