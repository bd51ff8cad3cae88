// A call about a thing that a provider keeps: only for the account it belongs to, and to the provider that has it.
import { coerceError } from '../../kernel/errors.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import { cleanText } from '../../kernel/text.js';
import type { CallEngine } from './call-engine.js';
import type { AdmittedCall } from './handle-call.js';

export interface Keeper {
  readonly providerId: string | undefined;
  /** The model to bill, when the answer was still being worked on when it was asked for, so that its usage comes with this one. */
  readonly owed: string | undefined;
  /** Whether a call on record was billed for it. */
  readonly counted: boolean;
}

/** Refuses `not_found` for what another account made; what nobody here is known to have made goes by its id alone, which cannot be guessed. */
export async function findKeeper(engine: CallEngine, { caller, request }: AdmittedCall, object: string): Promise<Keeper | Refusal> {
  try {
    const kept = await engine.findKept(object);
    if (kept && kept.accountId !== caller.account.accountId) return refuse('not_found', `There is no "${cleanText(object, 120)}" of this account here.`);
    const owed = kept && !kept.billed && kept.path === '/v1/responses' && request.path.startsWith('/v1/responses/') ? kept.model ?? undefined : undefined;
    return { providerId: kept?.providerId ?? undefined, owed, counted: kept?.billed ?? false };
  } catch (error) {
    engine.log.warn('whose a thing is could not be read', { error: coerceError(error).message });
    return refuse('records_unavailable', 'Nothing was sent: whose this is cannot be read at the moment. Try again shortly.');
  }
}
