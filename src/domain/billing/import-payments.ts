// Takes in a file of payments: first what it would do, line by line, then exactly that.
import { canonicalJson } from '../../kernel/canonical-json.js';
import type { Clock } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import type { Act, Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { parsePayments, type FileProblem } from './payment-file-rules.js';
import { createRecordPayment, type RecordPayment } from './record-payment.js';

/** added: not on file · changed: something became of it since · unchanged: on file as it is here. */
export const PAYMENT_LINE_STATES = ['added', 'changed', 'unchanged'] as const;
export interface PaymentLine { readonly line: number; readonly state: (typeof PAYMENT_LINE_STATES)[number]; readonly paymentId: string; readonly accountId: string; readonly amountMicros: bigint; readonly currency: string }
export interface PaymentFile { readonly name: string; readonly csv: string; readonly processor?: string | undefined }
/** `digest` names file and outcome: what is confirmed is what was shown. With problems nothing can be taken in. */
export interface PaymentPlan { readonly lines: readonly PaymentLine[]; readonly problems: readonly FileProblem[]; readonly digest: string }
export interface PaymentImport {
  /** What the file would do; changes nothing. Refusals: forbidden. */
  planPaymentImport(actor: Tx['actor'], file: PaymentFile): Promise<PaymentPlan | Refusal>;
  /** Takes the file in, whole or not at all. Refusals: forbidden, invalid_request with the first line, confirmation_required, conflict when it would do something else by now. */
  importPayments(tx: Tx, file: PaymentFile, confirmed: string | undefined): Promise<{ added: number; changed: number; unchanged: number } | Refusal>;
}

/** The dry run is the import itself, rolled back: the two cannot differ. */
export function createPaymentImport(deps: { clock: Clock; append: AppendRecord; timeZone: string; bookkeeping: Act }): PaymentImport {
  // One record stands for the file: thousands of one each would say no more.
  const record = createRecordPayment({ ...deps, append: (tx, entry) => (entry.action === 'payment.status' ? deps.append(tx, entry) : Promise.resolve('')) });
  return {
    planPaymentImport: async (actor, file) => {
      let plan: PaymentPlan | undefined;
      const answer = await deps.bookkeeping(actor, async (tx) => {
        const done = await runFile(deps, record, tx, file);
        if (!isRefusal(done)) plan = done;
        return isRefusal(done) ? done : refuse('confirmation_required', 'only looked at');
      });
      return plan ?? answer;
    },
    importPayments: async (tx, file, confirmed) => {
      if (confirmed === undefined) return refuse('confirmation_required', 'look at what the file would do first, then confirm its digest', 'digest');
      const plan = await runFile(deps, record, tx, file);
      if (isRefusal(plan)) return plan;
      const [problem] = plan.problems;
      if (problem) return refuse('invalid_request', `line ${problem.line}: ${problem.message}`, 'csv');
      if (confirmed !== plan.digest) return refuse('conflict', 'the file would do something else by now; look at it again', 'digest');
      const count = (state: PaymentLine['state']): number => plan.lines.filter((line) => line.state === state).length, counts = { added: count('added'), changed: count('changed'), unchanged: count('unchanged') };
      await deps.append(tx, { action: 'payments.import', subjectKind: 'payments', subjectId: sha256Hex(file.csv), purpose: 'billing',
        after: { name: file.name, rows: plan.lines.length, ...counts, payments_sha256: sha256Hex(canonicalJson(plan.lines.map((line) => ({ ...line, amountMicros: line.amountMicros.toString() })))) } });
      return counts;
    },
  };
}

async function runFile(deps: { clock: Clock; timeZone: string }, record: RecordPayment, tx: Tx, file: PaymentFile): Promise<PaymentPlan | Refusal> {
  const no = forbid(tx.actor, 'payments.write');
  if (no) return no;
  const { payments, problems } = parsePayments(file.csv, { processor: file.processor, now: deps.clock.now(), timeZone: deps.timeZone }), wrong = [...problems], lines: PaymentLine[] = [];
  for (const { line, input } of payments) {
    const answer = await record(tx, input);
    if (isRefusal(answer)) { wrong.push({ line, message: answer.message }); continue; }
    const { accountId, amountMicros, currency } = input, paymentId = input.processorPaymentId ?? '';
    lines.push({ line, state: !answer.changed ? 'unchanged' : answer.added === true ? 'added' : 'changed', paymentId, accountId, amountMicros, currency });
  }
  wrong.sort((one, other) => one.line - other.line);
  return { lines, problems: wrong, digest: sha256Hex(file.csv, file.processor ?? '', lines.map((line) => `${line.line}${line.state}`).join(), String(wrong.length)) };
}
