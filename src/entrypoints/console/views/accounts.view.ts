import { limitColumns } from './limit-columns.js';
import type { ReadModel } from './read-model.js';

/** Accounts, with what an officer asks first: how many keys work, is a hold in force. */
export const accounts: ReadModel = {
  id: 'accounts', from: 'accounts a', key: 'account_id', title: 'name', order: { column: 'created_at', direction: 'desc' },
  columns: [
    { name: 'account_id', kind: 'id', sql: 'a.account_id', filter: 'contains', sort: true, list: true },
    { name: 'name', kind: 'text', sql: 'a.name', filter: 'contains', sort: true, list: true },
    { name: 'jurisdiction', kind: 'place', sql: 'a.jurisdiction', filter: 'exact', sort: true, list: true },
    { name: 'status', kind: 'status', sql: 'a.status', filter: 'exact', values: ['active', 'closed'], sort: true, list: true },
    { name: 'active_keys', kind: 'number', sql: `(SELECT count(*) FROM api_keys k WHERE k.account_id = a.account_id AND k.status = 'active')`, list: true },
    { name: 'on_hold', kind: 'bool', sql: 'EXISTS (SELECT 1 FROM holds h WHERE h.account_id = a.account_id AND h.released_at IS NULL)', filter: 'exact', values: ['true', 'false'], list: true },
    { name: 'contact', kind: 'text', sql: 'a.contact', filter: 'contains' },
    { name: 'requests_per_minute', kind: 'number', sql: 'a.requests_per_minute' },
    { name: 'tokens_per_minute', kind: 'number', sql: 'a.tokens_per_minute' },
    ...limitColumns('account', 'a.account_id'),
    { name: 'created_at', kind: 'time', sql: 'a.created_at', filter: 'range', sort: true, list: true },
    { name: 'closed_at', kind: 'time', sql: 'a.closed_at', sort: true },
    { name: 'erased_at', kind: 'time', sql: 'a.erased_at' },
  ],
  related: [{ resource: 'calls', filter: 'account_id' }, { resource: 'transfers', filter: 'account_id' }, { resource: 'policies', filter: 'account_id' }, { resource: 'packs', filter: 'account_id' }, { resource: 'audit', filter: 'subject_id' }],
  sections: [
    { name: 'keys', link: { resource: 'keys', filter: 'account_id' }, columns: [
      { name: 'key_id', kind: 'id', link: 'keys' }, { name: 'name', kind: 'text' }, { name: 'hint', kind: 'code' }, { name: 'status', kind: 'status' }, { name: 'created_at', kind: 'time' }],
      sql: 'SELECT key_id, name, hint, status, created_at FROM api_keys WHERE account_id = $1 ORDER BY created_at DESC' },
    { name: 'confirmations', link: { resource: 'confirmations', filter: 'account_id' }, columns: [
      { name: 'confirmation_id', kind: 'id', link: 'confirmations' }, { name: 'destination', kind: 'place' }, { name: 'basis', kind: 'code' }, { name: 'valid_until', kind: 'day' }, { name: 'withdrawn_at', kind: 'time' }],
      sql: 'SELECT confirmation_id, destination, basis, valid_until, withdrawn_at FROM confirmations WHERE account_id = $1 ORDER BY confirmed_at DESC' },
    { name: 'holds', link: { resource: 'holds', filter: 'account_id' }, columns: [
      { name: 'hold_id', kind: 'id', link: 'holds' }, { name: 'matter', kind: 'text' }, { name: 'placed_at', kind: 'time' }, { name: 'review_on', kind: 'day' }, { name: 'released_at', kind: 'time' }],
      sql: 'SELECT hold_id, matter, placed_at, review_on, released_at FROM holds WHERE account_id = $1 ORDER BY placed_at DESC' },
  ],
};
