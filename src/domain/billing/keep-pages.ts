// The printed pages of invoices: kept once, beside the document they were printed from, and never replaced.
import type { Uuid } from '../../kernel/ids.js';
import type { Database, Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { insertPages } from './pages.store.js';
import { readPages } from './pages.view.js';
import type { Invoice } from './invoice.view.js';

export interface KeptPages { readonly sha256: string; readonly pages: number; readonly printedAt: Date; readonly pdf: Buffer }
export interface PrintDesk {
  findPages(invoiceId: Uuid): Promise<KeptPages | undefined>;
  /** Keeps what was printed and puts its digest on the ledger; false when pages are kept already, which then stay. */
  keepPages(tx: Tx, invoice: Pick<Invoice, 'invoiceId' | 'number' | 'accountId' | 'fiscalYearEnd' | 'issuedAt' | 'documentSha256'>, pages: KeptPages): Promise<boolean>;
}

export function createPrintDesk(deps: { reader: Database['reader']; append: AppendRecord }): PrintDesk {
  return {
    findPages: (invoiceId) => readPages(deps.reader, invoiceId),
    keepPages: async (tx, invoice, pages) => {
      if (!await insertPages(tx, invoice, pages)) return false;
      await deps.append(tx, { action: 'invoice.print', subjectKind: 'invoice', subjectId: invoice.invoiceId, purpose: 'billing', after: { number: invoice.number, sha256: pages.sha256, document_sha256: invoice.documentSha256, pages: pages.pages, bytes: pages.pdf.length } });
      return true;
    },
  };
}
