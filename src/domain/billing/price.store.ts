import { managerOf, type Tx } from '../../platform/db/index.js';
import { PRICE_COLUMNS, type PriceRow } from './price-columns.js';

/** Whether there is such a provider; registered in a later slice, so its table is only asked. */
export async function providerExists(tx: Tx, providerId: string): Promise<boolean> {
  return (await managerOf(tx).query('SELECT 1 FROM providers WHERE provider_id = $1', [providerId]) as unknown[]).length > 0;
}

/** Every version of the price of a model at a provider, the newest day and version first. */
export async function findPriceRows(tx: Tx, model: string, providerId: string): Promise<PriceRow[]> {
  return await managerOf(tx).query(`SELECT ${PRICE_COLUMNS} FROM prices WHERE model = $1 AND provider_id = $2 ORDER BY effective_from DESC, version DESC`, [model, providerId]) as PriceRow[];
}

/** Inserts a price; false when there is one of that version for that model, provider and day. */
export async function insertPrice(tx: Tx, row: PriceRow): Promise<boolean> {
  const json = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));
  const rows = await managerOf(tx).query(
    `INSERT INTO prices (${PRICE_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING RETURNING 1`,
    [row.price_id, row.model, row.provider_id, row.currency, row.effective_from, row.version, row.input_micros, row.cache_read_micros, row.cache_write_micros, row.cache_write_1h_micros,
      row.output_micros, json(row.unit_micros), json(row.long_context), row.source]) as unknown[];
  return rows.length > 0;
}
