import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { HoldfastError } from '../../../kernel/errors.js';
import { formatMicros } from '../../../kernel/money.js';
import { EXIT, type Command } from '../frame/command.js';
import { facts, table } from '../frame/table.js';

export const paymentsCommands: readonly Command[] = [{
  name: 'payments import', summary: 'Take in a file of payments (CSV); shows what it would do, and takes it in with --yes', arguments: [{ name: 'FILE', help: 'columns payment_id, account, amount, currency, paid_at and, where given, what docs/billing.md lists' }],
  options: { processor: { value: 'NAME', help: 'who processed them, for rows that name nobody' }, yes: { help: 'take it in' } }, example: 'holdfast payments import november.csv --processor stripe --yes',
  run: (call) => call.withApp(async (app, actor) => {
    const path = call.argument('FILE'), file = { name: basename(path), csv: readFileSync(path, 'utf8'), processor: call.text('processor') }, plan = call.accept(await app.billing.planPaymentImport(actor, file));
    const count = (state: string): number => plan.lines.filter((line) => line.state === state).length, counts = `${count('added')} added, ${count('changed')} changed, ${count('unchanged')} unchanged`;
    if (plan.problems.length > 0) {
      call.print({ imported: false, ...plan }, `${table(plan.problems, { LINE: (one) => one.line, PROBLEM: (one) => one.message }, '')}\n\nnothing was taken in: ${plan.problems.length} problems`);
      return EXIT.failed;
    }
    const lines = table(plan.lines.slice(0, 200), { LINE: (one) => one.line, '': (one) => one.state, PAYMENT: (one) => one.paymentId, ACCOUNT: (one) => one.accountId, AMOUNT: (one) => `${formatMicros(one.amountMicros)} ${one.currency}` }, 'there are no payments');
    if (!call.flag('yes')) { call.print({ imported: false, ...plan }, `${lines}\n\n${counts}; nothing was changed, run it again with --yes`); return EXIT.done; }
    const done = call.accept(await app.act(actor, (tx) => app.billing.importPayments(tx, file, plan.digest)));
    call.print({ imported: true, ...done }, `${lines}\n\n${done.added} added, ${done.changed} changed, ${done.unchanged} unchanged`);
    return EXIT.done;
  }),
}, {
  name: 'payments match', summary: 'Hold a disputed payment against earlier ones of its account (compelling evidence 3.0)', arguments: [{ name: 'PAYMENT', help: "our id or the processor's" }], example: 'holdfast payments match pi_3N',
  run: (call) => call.withApp(async (app, actor) => {
    const id = call.argument('PAYMENT'), matrix = await app.billing.matchPayment(id);
    if (!matrix) throw new HoldfastError('not_found', `there is no payment ${id}`);
    await app.act(actor, (tx) => app.ledger.append(tx, { action: 'payment.match', subjectKind: 'payment', subjectId: matrix.disputed.paymentId, purpose: 'dispute_resolution' }));
    call.print(matrix, [facts({ payment: matrix.disputed.reference, 'disputed on': matrix.disputedOn, eligible: matrix.eligible, because: matrix.reasons, submit: matrix.rows.filter((row) => matrix.chosen.includes(row.payment.paymentId)).map((row) => row.payment.reference), 'agree in': matrix.common }),
      table(matrix.rows, { PAYMENT: (row) => row.payment.reference, PAID: (row) => row.payment.paidAt, DAYS: (row) => row.days, IP: (row) => row.elements.ip_address, DEVICE: (row) => row.elements.device, LOGIN: (row) => row.elements.login_id, SHIPPING: (row) => row.elements.shipping_address, COUNTS: (row) => row.counts, 'WHY NOT': (row) => row.reasons }, 'there are no other payments')].join('\n\n'));
    return EXIT.done;
  }),
}];
