// What reads the record of a call without a database: pure, for who verifies one.
export { usageOf } from './call.js';
