// Finding the price of a call among thousands: by provider and model, worked out once a day and registry.
import { priceInForce, type Price } from './charge-rules.js';

export interface PriceBook {
  readonly all: readonly Price[];
  /** As priceInForce, over all prices of the book. */
  inForce(model: string, providerId: string, day: string): Price | undefined;
}

/** Names a client makes up must not fill the memory. */
const MOST_REMEMBERED = 5_000;

export function createPriceBook(prices: readonly Price[]): PriceBook {
  const byProvider = new Map<string, Price[]>();
  for (const price of prices) { const own = byProvider.get(price.providerId); if (own) own.push(price); else byProvider.set(price.providerId, [price]); }
  const found = new Map<string, Map<string, { day: string; price: Price | undefined }>>();
  let remembered = 0;
  return {
    all: prices,
    inForce: (model, providerId, day) => {
      let models = found.get(providerId);
      const known = models?.get(model);
      if (known?.day === day) return known.price;
      const price = priceInForce(byProvider.get(providerId) ?? [], model, providerId, day);
      if (remembered >= MOST_REMEMBERED) { found.clear(); models = undefined; remembered = 0; }
      if (!models) found.set(providerId, models = new Map());
      models.set(model, { day, price });
      remembered += 1;
      return price;
    },
  };
}
