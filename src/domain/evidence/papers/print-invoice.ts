// The PDF of an invoice: printed at the first need, sealed, kept beside the document, and the same file ever after.
import { systemActor } from '../../../kernel/actor.js';
import type { Clock } from '../../../kernel/clock.js';
import { isRefusal, refuse, type Refusal } from '../../../kernel/result.js';
import type { Act } from '../../../platform/db/index.js';
import type { Billing, KeptPages } from '../../billing/index.js';
import { invoiceDocument } from '../../billing/index.js';
import { invoicePaper } from './invoice-pages.js';
import { printPaper, type PrintDeps } from './print-paper.js';

export interface InvoiceFile { readonly name: string; readonly sha256: string; readonly pages: number; readonly pdf: Buffer }
/** By id or number. Refusals: not_found. Two who ask at once get the same file: the first to be kept stays. */
export type InvoicePdf = (idOrNumber: string) => Promise<InvoiceFile | Refusal>;

export function createInvoicePdf(deps: PrintDeps & { readonly clock: Clock; readonly act: Act; readonly billing: Pick<Billing, 'findInvoice' | 'findPages' | 'keepPages'> }): InvoicePdf {
  return async (idOrNumber) => {
    const invoice = await deps.billing.findInvoice(idOrNumber);
    if (!invoice) return refuse('not_found', 'there is no such invoice');
    const file = ({ pdf, sha256, pages }: KeptPages): InvoiceFile => ({ name: `${invoice.number}.pdf`, pdf, sha256, pages }), kept = await deps.billing.findPages(invoice.invoiceId);
    if (kept) return file(kept);
    const { paper, words } = invoicePaper(invoiceDocument.parse(invoice.document), invoice.documentSha256, deps.signer.qualified), printed = await printPaper(deps, paper, words);
    const pages: KeptPages = { ...printed, printedAt: deps.clock.now() };
    const first = await deps.act(systemActor('print-invoice'), async (tx) => (await deps.billing.keepPages(tx, invoice, pages) ? true : refuse('conflict', 'printed already')));
    if (!isRefusal(first)) return file(pages);
    const other = await deps.billing.findPages(invoice.invoiceId);
    return other ? file(other) : refuse('not_found', 'the invoice was purged while it was printed');
  };
}
