// Words of invoices, payments and reconciliation: [English, Chinese]; fields, properties and resources [English, help, Chinese, help].
import type { ActionWords } from './actions.js';

type Pair = readonly [string, string];
type Labelled = readonly [string, string, string, string];

export const BOOKS_TEXTS: Readonly<Record<string, Pair>> = {
  'group.billing': ['Billing', '账务'], 'frame.paymentsImport': ['Import payments', '导入付款'], 'frame.reconcile': ['Reconciliation', '对账'],
  'section.invoice_lines': ['Lines', '明细'], 'section.credit_notes': ['Credit notes', '贷项通知单'], 'section.case_payments': ['Payments it is about', '涉及的付款'],
  'lookup.timeline': ['Timeline', '时间线'], 'lookup.stepArrived': ['arrived', '到达'], 'lookup.stepSent': ['attempt {{n}} handed to {{provider}} as {{model}}', '第 {{n}} 次尝试，以 {{model}} 交给 {{provider}}'], 'lookup.stepEnded': ['attempt {{n}} ended', '第 {{n}} 次尝试结束'],
  'lookup.stepFirstByte': ['first byte to the client', '首字节发往客户端'], 'lookup.stepOver': ['over, on record', '结束并已记录'],
  'transparency.pdf': ['Download PDF', '下载 PDF'], 'transparency.overlap': ['Do not publish reports of periods that overlap: what is not told in one could be the difference of the two.', '请勿公布时段重叠的报告：其中未公布的数字可由两者之差得出。'],
  'books.file': ['CSV file (at most 900 KB)', 'CSV 文件（最大 900 KB）'], 'books.choose': ['Choose a file first.', '请先选择文件。'], 'books.look': ['Look at it', '预览'], 'books.take': ['Take it in', '导入'], 'books.failed': ['The file could not be sent.', '文件发送失败。'],
  'books.problems': ['What is wrong with it, by line', '按行列出的问题'], 'books.line': ['Line', '行'], 'books.problem': ['Problem', '问题'], 'books.nothing': ['Nothing is taken in while a line is wrong.', '只要有一行有误，就不会导入任何内容。'],
  'payments.title': ['Import payments', '导入付款'], 'payments.intro': ['A file is looked at first, line by line; then exactly what was shown is taken in, all of it or nothing. The same payment again changes nothing.', '文件先逐行预览，然后按所示内容整体导入，或完全不导入。重复的付款不会产生变化。'],
  'payments.processor': ['Processor (for rows that name none)', '支付机构（用于未注明的行）'], 'payments.columns': ['Columns: {{columns}}. The first five are needed. At most {{most}} rows. Card numbers are refused.', '列：{{columns}}。前五列必填。最多 {{most}} 行。不接受卡号。'],
  'payments.would': ['This file would add {{added}}, change {{changed}} and leave {{unchanged}} as they are.', '该文件将新增 {{added}} 笔，变更 {{changed}} 笔，{{unchanged}} 笔保持不变。'], 'payments.done': ['{{added}} added, {{changed}} changed, {{unchanged}} unchanged.', '新增 {{added}} 笔，变更 {{changed}} 笔，不变 {{unchanged}} 笔。'],
  'payments.id': ['Payment', '付款'], 'payments.state': ['What it would do', '将产生的变化'], 'payments.amount': ['Amount', '金额'], 'payments.account': ['Account', '账户'], 'payments.list': ['To the payments', '查看付款'], 'payments.mayNot': ['Your role does not include recording payments.', '您的角色无权登记付款。'],
  'reconcile.title': ['Reconciliation', '对账'], 'reconcile.intro': ['What a provider says it served, against our records: matched, only ours, only theirs, or different beyond the tolerance. Days are UTC, as providers bill.', '将提供商所称的服务量与我方记录核对：一致、仅我方有、仅对方有、或差异超出容差。按提供商计费惯例，日期为 UTC。'],
  'reconcile.provider': ['Provider', '提供商'], 'reconcile.import': ['Take in a usage file', '导入用量文件'], 'reconcile.importHelp': ['Columns day, model, input_tokens, output_tokens and, where given, request_id, amount, currency.', '列：day、model、input_tokens、output_tokens，如有则加 request_id、amount、currency。'],
  'reconcile.files': ['Files', '文件'], 'reconcile.noFiles': ['No usage file was taken in yet. Take one in to hold it against our records.', '尚未导入用量文件。导入后即可与我方记录核对。'], 'reconcile.noProviders': ['There is no model provider yet.', '尚无模型提供商。'],
  'reconcile.name': ['File', '文件'], 'reconcile.rows': ['Rows', '行数'], 'reconcile.days': ['Days', '日期'], 'reconcile.by': ['Taken in by', '导入人'], 'reconcile.per': ['Rows are', '每行为'], 'reconcile.request': ['requests', '请求'], 'reconcile.sum': ['sums of a day and model', '某日某模型的合计'],
  'reconcile.tolerance': ['Tolerance in tokens', '容差（令牌）'], 'reconcile.percent': ['Tolerance in percent', '容差（百分比）'], 'reconcile.show': ['Reconcile', '核对'], 'reconcile.purpose': ['Purpose', '用途'], 'reconcile.chosen': ['Choose a file.', '请选择文件。'],
  'reconcile.before': ['This very file was taken in before; it changes nothing.', '该文件此前已导入，不会产生变化。'], 'reconcile.holds': ['{{rows}} rows from {{from}} to {{to}}', '{{rows}} 行，自 {{from}} 至 {{to}}'], 'reconcile.taken': ['The file is taken in.', '文件已导入。'],
  'reconcile.groups': ['By day and model', '按日期与模型'], 'reconcile.differences': ['What is not matched', '未一致的项目'], 'reconcile.allMatched': ['Everything matches.', '全部一致。'], 'reconcile.day': ['Day', '日期'], 'reconcile.model': ['Model', '模型'], 'reconcile.class': ['Class', '类别'],
  'reconcile.ours': ['Ours, in / out', '我方 输入 / 输出'], 'reconcile.theirs': ['Theirs, in / out', '对方 输入 / 输出'], 'reconcile.their': ['Provider’s id', '提供商编号'], 'reconcile.call': ['Call', '调用'], 'reconcile.amount': ['Amount', '金额'], 'reconcile.csv': ['Download as CSV', '下载 CSV'], 'reconcile.total': ['In all', '合计'],
  'reconcile.most': ['The first {{n}} are shown; the CSV has up to a thousand.', '仅显示前 {{n}} 项；CSV 最多含一千项。'], 'reconcile.nothing': ['Neither side has anything on these days.', '双方在这些日期均无记录。'],
};

export const BOOKS_VALUES: Readonly<Record<string, Pair>> = {
  paid: ['paid', '已付'], refunded: ['refunded', '已退款'], disputed: ['disputed', '有争议'], won: ['dispute won', '争议胜诉'], lost: ['dispute lost', '争议败诉'], card: ['card', '银行卡'], bank_transfer: ['bank transfer', '银行转账'], direct_debit: ['direct debit', '直接扣款'], wallet: ['wallet', '电子钱包'],
  invoice: ['invoice', '发票'], credit_note: ['credit note', '贷项通知单'], matched: ['matched', '一致'], amount_differs: ['differs', '有差异'], ours_only: ['only ours', '仅我方'], theirs_only: ['only theirs', '仅对方'], unchanged: ['unchanged', '不变'], added: ['new', '新增'], changed: ['changed', '变更'],
  'invoice.issue': ['invoice issued', '开具发票'], 'invoice.credit': ['invoice credited', '开具贷项'], 'invoice.print': ['invoice printed', '打印发票'], 'invoice.download': ['invoice downloaded', '下载发票'], 'invoice.plan': ['invoice previewed', '预览发票'], 'payment.status': ['payment changed', '付款状态变更'], 'payment.match': ['payments compared', '比对付款'], 'payments.import': ['payments imported', '导入付款'], 'case.link_payment': ['payment linked', '关联付款'],
  cache_read: ['read from cache', '读取缓存'], cache_write: ['written to cache', '写入缓存'], cache_write_1h: ['written to cache for an hour', '写入缓存（一小时）'], recorded: ['as recorded', '按记录'],
};

export const BOOKS_RESOURCE_NAMES: Readonly<Record<string, Labelled>> = {
  invoices: ['Invoices', '发票', 'From the usage records alone; never changed, corrected by credit notes.', '仅由用量记录生成；不可更改，以贷项通知单更正。'],
  payments: ['Payments', '付款', 'What was received, and what became of it.', '已收款项及其后续状态。'],
};

export const BOOKS_ACTIONS: Readonly<Record<string, Readonly<Record<string, ActionWords>>>> = {
  payments: {
    setStatus: { label: ['What became of it', '变更状态'], ask: ['Refunded, disputed, or how a dispute ended. Once disputed, a payment stays marked as disputed.', '退款、争议或争议结果。付款一经争议，将始终标记为曾有争议。'], done: ['It is on record.', '已记录。'] },
    match: { label: ['Match earlier payments', '比对此前付款'], ask: ['Holds it against the account’s other payments by the rules of compelling evidence 3.0. The reading is recorded.', '按 Compelling Evidence 3.0 规则与该账户的其他付款比对。此次查看将被记录。'], done: ['This is how it stands.', '比对结果如下。'] },
  },
  invoices: {
    planInvoice: { label: ['Preview an invoice', '预览发票'], ask: ['Shows what the invoice of an account and month would say. Writes nothing.', '显示某账户某月发票的内容，不写入任何数据。'], done: ['This is what it would say. Nothing is issued.', '发票内容如下，尚未开具。'] },
    issue: { label: ['Issue invoice', '开具发票'], ask: ['Takes the next number and does not change any more; a correction is a credit note. Give the same answers as for the preview, and its digest.', '将占用下一个编号且不可更改，更正须开具贷项通知单。请填写与预览相同的内容及其摘要。'], done: ['The invoice is issued.', '发票已开具。'] },
    credit: { label: ['Credit', '开具贷项'], ask: ['Asks a second person for a credit note. The invoice stays as it is.', '请求第二人批准贷项通知单。发票保持不变。'], done: ['The second person is asked.', '已请求第二人批准。'] },
  },
  disputes: {
    linkPayment: { label: ['Name the payment', '指定付款'], ask: ['Which payment the dispute is about: our id or the processor’s.', '争议所涉的付款：我方编号或支付机构编号。'], done: ['The payment is linked.', '付款已关联。'] },
    matchPayment: { label: ['Match earlier payments', '比对此前付款'], ask: ['Holds the payment against the account’s earlier ones by the rules of compelling evidence 3.0. The reading is recorded.', '按 Compelling Evidence 3.0 规则与该账户此前的付款比对。此次查看将被记录。'], done: ['This is how it stands.', '比对结果如下。'] },
  },
};

export const BOOKS_FIELDS: Readonly<Record<string, Labelled>> = {
  payment_status: ['What became of it', '', '后续状态', ''], refunded_amount: ['Refunded', 'Of a refund; empty: all of it.', '退款金额', '用于退款；留空为全部。'], payment: ['Payment', 'Our id or the processor’s.', '付款', '我方编号或支付机构编号。'],
  invoice_account: ['Account', '', '账户', ''], invoice_month: ['Month', 'Such as 2026-10; empty: the month before this one. It must be over.', '月份', '例如 2026-10；留空为上个月。该月须已结束。'], invoice_currency: ['Currency', 'Where the account has calls in several.', '货币', '账户有多种货币的调用时填写。'],
  begin_with: ['Begins with', 'Of the first invoice: the first month it covers; empty: everything on record.', '起始月份', '首张发票所涵盖的第一个月；留空为全部记录。'], paper_language: ['Language', '', '语言', ''], invoice_note: ['Note', 'Printed below the sum: terms of payment, tax.', '备注', '印于金额下方：付款条件、税务。'],
  credit_amount: ['Amount', 'Such as 12.50; empty: all that is left.', '金额', '例如 12.50；留空为剩余全部。'], credit_line: ['Line', 'The line it corrects, if it is one.', '行号', '如更正某一行，请填写。'],
};

export const BOOKS_PROPERTIES: Readonly<Record<string, Labelled>> = {
  payment_id: ['Payment', 'Our id of it.', '付款', '我方编号。'], reference: ['Reference', 'What it was paid for, or the processor’s id.', '参考号', '付款事由或支付机构编号。'], amount_micros: ['Amount', 'In its currency.', '金额', '以其货币计。'], paid_at: ['Paid at', 'When it was received.', '付款时间', '收到的时间。'],
  refunded_micros: ['Refunded', 'What was given back.', '已退款', '已退回的金额。'], disputed_at: ['Disputed at', 'When it was first disputed; stays.', '争议时间', '首次争议的时间，始终保留。'], processor: ['Processor', 'Who processed it.', '支付机构', '处理该笔付款的机构。'], processor_payment_id: ['Processor’s id', 'Its id there.', '支付机构编号', '该机构中的编号。'],
  method: ['Method', 'How it was paid.', '方式', '付款方式。'], card_brand: ['Card', 'Brand of the card.', '卡种', '卡品牌。'], card_last4: ['Last four', 'The only digits of the card that are kept.', '卡号后四位', '仅保存的卡号数字。'], descriptor: ['Descriptor', 'Line on the card holder’s statement.', '账单描述', '持卡人账单上的文字。'],
  login_id: ['Login', 'Who was signed in.', '登录名', '当时登录的用户。'], ip_address: ['IP address', 'From where it was paid; for card disputes.', 'IP 地址', '付款来源，用于卡争议。'], status_at: ['Since', 'When it became what it is.', '状态时间', '变为当前状态的时间。'], fiscal_year_end: ['Fiscal year ends', 'Its retention is counted from this day.', '财年结束', '留存期自此日起算。'],
  invoice_id: ['Credit note', 'Our id of it.', '贷项通知单', '我方编号。'], invoice_kind: ['Kind', 'Invoice or credit note.', '种类', '发票或贷项通知单。'], invoice_month: ['Month', 'By the operator’s calendar.', '月份', '按运营方日历。'], payable_micros: ['Payable', 'Rounded once, to what can be paid.', '应付', '仅舍入一次。'],
  total_micros: ['Sum', 'Exactly the charges on record.', '合计', '与记录的费用完全一致。'], credited_micros: ['Credited', 'By credit notes so far.', '已贷记', '迄今贷项通知单的金额。'], invoice_calls: ['Calls', 'How many it is made of.', '调用数', '所含调用次数。'], refers_number: ['Corrects', 'The invoice a credit note refers to.', '更正', '贷项通知单所引用的发票。'],
  covers_from: ['Covers from', 'Arrival of calls, included.', '涵盖自', '调用到达时间（含）。'], covers_to: ['Covers to', 'Arrival of calls, excluded.', '涵盖至', '调用到达时间（不含）。'], issued_at: ['Issued at', 'From then on it does not change.', '开具时间', '此后不再更改。'], issued_by: ['Issued by', 'Who issued it.', '开具人', '开具发票的人员。'],
  document_sha256: ['Digest', 'SHA-256 of everything it says, as on the ledger.', '摘要', '全部内容的 SHA-256，与账本一致。'], line_no: ['No.', 'Number of the line.', '序号', '行的编号。'], price_from: ['Price from', 'First day of the price.', '价格起始', '价格的首日。'], bucket: ['Kind', 'What was used.', '种类', '使用的类型。'],
  units: ['Units', 'Tokens or other units.', '数量', '令牌或其他单位。'], rate_micros: ['Per million', 'Price of a million units.', '每百万', '每百万单位的价格。'], linked_by: ['Linked by', 'Who linked it.', '关联人', '进行关联的人员。'],
};

/** Where a name means something else in other lists. */
export const BOOKS_RESOURCE_PROPERTIES: Readonly<Record<string, Readonly<Record<string, Labelled>>>> = { invoices: {
  invoice_id: ['Id', 'Our id of it.', '内部编号', '我方编号。'], number: ['Number', 'Without a gap in its series.', '编号', '系列内连续无缺号。'], reason: ['Reason', 'Why it was credited.', '原因', '贷记的原因。'],
} };

export const BOOKS_RESULTS: Readonly<Record<string, Pair>> = {
  match_eligible: ['Makes a case', '是否成立'], match_common: ['All agree in', '共同一致项'], match_chosen: ['Payments to submit', '应提交的付款'], match_rows: ['Payments', '付款'], invoice_month: ['Month', '月份'], invoice_calls: ['Calls', '调用数'], invoice_sum: ['Sum of the lines', '各行合计'], invoice_payable: ['Payable', '应付'], invoice_lines: ['Lines', '明细'], invoice_number: ['Number', '编号'],
};
