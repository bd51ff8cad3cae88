// Who moves, as the rules see it: the person behind the credential.
import type { Tx } from '../../platform/db/index.js';
import { can } from '../security/index.js';
import { findTokenPerson } from './case.store.js';
import type { Mover } from './move-rules.js';

/** An operator is himself, a token is who issued it, our processes and the command line are nobody. */
export async function moverOf(tx: Tx): Promise<Mover> {
  const { actor } = tx;
  const person = actor.kind === 'operator' ? actor.id : actor.kind === 'api_token' ? await findTokenPerson(tx, actor.id) : null;
  return { person, name: actor.name, may: (permission) => can(actor, permission) };
}
