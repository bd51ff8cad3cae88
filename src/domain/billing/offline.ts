// What works out a charge without a database: pure, for who verifies one.
export { chargeFor, type Price, type Usage } from './charge-rules.js';
export { priceFromRow, rowFromPrice, type PriceRow } from './price-columns.js';
export { unitsFrom, type UnitColumn } from './units.js';
