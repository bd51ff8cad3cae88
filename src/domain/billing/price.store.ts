import type { UnitColumn } from './units.js';
import { managerOf, type Tx } from '../../platform/db/index.js';

/** A row of prices; bigint as text. */
export interface PriceRow {
  readonly price_id: string; readonly model: string; readonly provider_id: string; readonly currency: string; readonly effective_from: string;
  readonly version: number; /** Decimal text by unit. */ readonly unit_micros: UnitColumn; readonly source: string | null;
  readonly input_micros: string; readonly cache_read_micros: string; readonly cache_write_micros: string; readonly cache_write_1h_micros: string | null; readonly output_micros: string;
}

/** Whether there is such a provider; registered in a later slice, so its table is only asked. */
export async function providerExists(tx: Tx, providerId: string): Promise<boolean> {
  return (await managerOf(tx).query('SELECT 1 FROM providers WHERE provider_id = $1', [providerId]) as unknown[]).length > 0;
}

/** The newest version of the price of a model at a provider from a day on. */
export async function findPriceRow(tx: Tx, model: string, providerId: string, effectiveFrom: string): Promise<PriceRow | undefined> {
  const [row] = await managerOf(tx).query('SELECT * FROM prices WHERE model = $1 AND provider_id = $2 AND effective_from = $3 ORDER BY version DESC LIMIT 1', [model, providerId, effectiveFrom]) as PriceRow[];
  return row;
}

/** Inserts a price; false when there is one of that version for that model, provider and day. */
export async function insertPrice(tx: Tx, row: PriceRow): Promise<boolean> {
  const rows = await managerOf(tx).query(
    `INSERT INTO prices (price_id, model, provider_id, currency, effective_from, input_micros, cache_read_micros, cache_write_micros, cache_write_1h_micros, output_micros, version, unit_micros, source)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING RETURNING 1`,
    [row.price_id, row.model, row.provider_id, row.currency, row.effective_from, row.input_micros, row.cache_read_micros, row.cache_write_micros, row.cache_write_1h_micros, row.output_micros,
      row.version, row.unit_micros === null ? null : JSON.stringify(row.unit_micros), row.source]) as unknown[];
  return rows.length > 0;
}
