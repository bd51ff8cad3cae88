// An answer made in the background is fetched by as many calls as its client likes, over as many gateways as there are; one is charged.
import { coerceError } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { NO_USAGE } from '../billing/index.js';
import type { CallEngine } from './call-engine.js';
import type { Ending } from './forward-call.js';

/** Makes a call the one that an answer is charged with; false when another one is. */
export type CountAnswer = (answerId: string, requestId: Uuid) => Promise<boolean>;

/**
 * The ending as it is to be charged. Settled before commit 2, in PostgreSQL: a gateway that dies in between leaves a claim whose call
 * says that nothing was used, and the next call for the answer takes it over. While it cannot be settled nothing is charged: a later call will be.
 */
export async function countOnce(engine: CallEngine, call: { readonly requestId: Uuid }, ending: Ending): Promise<Ending> {
  const { reading } = ending;
  if (reading.source !== 'reported' || reading.answerId === null) return ending;
  try {
    if (await engine.countAnswer(reading.answerId, call.requestId)) return ending;
    return { ...ending, reading: { ...reading, usage: NO_USAGE, source: 'counted' } };
  } catch (error) {
    engine.log.warn('which call an answer is charged with could not be settled; this one is not', { request_id: call.requestId, error: coerceError(error).message });
    return { ...ending, reading: { ...reading, usage: NO_USAGE, source: 'none' } };
  }
}
