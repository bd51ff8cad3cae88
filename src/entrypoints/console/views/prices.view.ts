import type { ReadModel } from './read-model.js';

/** Prices per million tokens, each from a day on. */
export const prices: ReadModel = {
  id: 'prices', from: 'prices', key: 'price_id', title: 'model', order: { column: 'effective_from', direction: 'desc' },
  columns: [
    { name: 'price_id', kind: 'id', filter: 'exact', uuid: true },
    { name: 'model', kind: 'code', filter: 'contains', sort: true, list: true },
    { name: 'provider_id', kind: 'id', filter: 'exact', sort: true, list: true, link: 'providers' },
    { name: 'effective_from', kind: 'day', sort: true, list: true },
    { name: 'currency', kind: 'code', filter: 'exact' },
    { name: 'input_micros', kind: 'micros', list: true },
    { name: 'cache_read_micros', kind: 'micros', list: true },
    { name: 'cache_write_micros', kind: 'micros', list: true },
    { name: 'cache_write_1h_micros', kind: 'micros' },
    { name: 'output_micros', kind: 'micros', list: true },
    { name: 'long_context', kind: 'json' },
    { name: 'unit_micros', kind: 'json' },
    { name: 'version', kind: 'number' },
    { name: 'source', kind: 'text', filter: 'contains', list: true },
  ],
};
