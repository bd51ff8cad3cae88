import type { ReadModel } from './read-model.js';

/** Invoices and credit notes, with their lines and what was credited. */
export const invoices: ReadModel = {
  id: 'invoices', from: 'invoices i', key: 'invoice_id', title: 'number', order: { column: 'issued_at', direction: 'desc' },
  columns: [
    { name: 'invoice_id', kind: 'id', sql: 'i.invoice_id', filter: 'exact', uuid: true },
    { name: 'number', kind: 'code', sql: 'i.number', filter: 'contains', sort: true, list: true },
    { name: 'invoice_kind', kind: 'code', sql: 'i.kind', filter: 'exact', values: ['invoice', 'credit_note'], list: true },
    { name: 'account_id', kind: 'id', sql: 'i.account_id', filter: 'exact', list: true, link: 'accounts' },
    { name: 'invoice_month', kind: 'code', sql: 'i.period', filter: 'exact', sort: true, list: true },
    { name: 'payable_micros', kind: 'micros', sql: 'i.payable_micros', list: true },
    { name: 'total_micros', kind: 'micros', sql: 'i.total_micros' },
    { name: 'credited_micros', kind: 'micros', sql: `CASE WHEN i.kind = 'invoice' THEN (SELECT coalesce(sum(c.payable_micros), 0) FROM invoices c WHERE c.refers_to = i.invoice_id) END` },
    { name: 'currency', kind: 'code', sql: 'i.currency', filter: 'exact' },
    { name: 'invoice_calls', kind: 'number', sql: 'i.calls' },
    { name: 'refers_number', kind: 'code', sql: 'i.refers_number', filter: 'exact', list: true },
    { name: 'reason', kind: 'text', sql: 'i.reason' },
    { name: 'covers_from', kind: 'time', sql: 'i.covers_from' },
    { name: 'covers_to', kind: 'time', sql: 'i.covers_to' },
    { name: 'issued_at', kind: 'time', sql: 'i.issued_at', filter: 'range', sort: true, list: true },
    { name: 'issued_by', kind: 'text', sql: 'i.issued_by', list: true },
    { name: 'fiscal_year_end', kind: 'day', sql: 'i.fiscal_year_end' },
    { name: 'document_sha256', kind: 'code', sql: 'i.document_sha256', filter: 'exact' },
  ],
  sections: [
    { name: 'invoice_lines', columns: [
      { name: 'line_no', kind: 'number' }, { name: 'invoice_month', kind: 'code' }, { name: 'model', kind: 'code' }, { name: 'provider_id', kind: 'id' }, { name: 'price_from', kind: 'day' }, { name: 'version', kind: 'number' }, { name: 'bucket', kind: 'code' },
      { name: 'invoice_calls', kind: 'number' }, { name: 'units', kind: 'number' }, { name: 'rate_micros', kind: 'micros' }, { name: 'amount_micros', kind: 'micros' }],
      sql: `SELECT (l->>'position')::int AS line_no, l->>'month' AS invoice_month, l->>'model' AS model, l->>'provider_id' AS provider_id, l->>'price_from' AS price_from, (l->>'price_version')::int AS version, l->>'bucket' AS bucket,
        l->>'calls' AS invoice_calls, l->>'units' AS units, l->>'rate_micros' AS rate_micros, l->>'amount_micros' AS amount_micros FROM invoices, jsonb_array_elements(document->'lines') l WHERE invoice_id::text = $1 ORDER BY 1` },
    { name: 'credit_notes', columns: [{ name: 'invoice_id', kind: 'id', link: 'invoices' }, { name: 'number', kind: 'code' }, { name: 'payable_micros', kind: 'micros' }, { name: 'currency', kind: 'code' }, { name: 'reason', kind: 'text' }, { name: 'issued_at', kind: 'time' }],
      sql: 'SELECT invoice_id, number, payable_micros, currency, reason, issued_at FROM invoices WHERE refers_to::text = $1 ORDER BY invoice_id' },
  ],
  related: [{ resource: 'audit', filter: 'subject_id' }],
};
