// The face of the billing slice: on whose account, at which price.
export { chargeFor, NO_USAGE, priceInForce, type Charge, type ChargeBucket, type ChargeLine, type Price, type Usage } from './charge-rules.js';
