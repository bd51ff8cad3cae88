// Providers: registered, changed, or made to look as described.
import { canonicalJson } from '../../kernel/canonical-json.js';
import type { Clock } from '../../kernel/clock.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import type { KeyRing } from '../../platform/crypto/keyring.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { checkProvider, factsOf, recordOf, type ProviderInput } from './provider-rules.js';
import { findProviderRow, insertProvider, lockProvider, routesTo, updateProviderRow, type ProviderRow } from './provider.store.js';

export interface ProviderSetting {
  /** Refusals: forbidden, invalid_request, conflict when the id is taken. */
  registerProvider(tx: Tx, input: ProviderInput): Promise<{ providerId: string } | Refusal>;
  /** Changes what `changes` names; null takes a field away, an unset credential stays. Refusals: as above, not_found, conflict (routes lead there). */
  updateProvider(tx: Tx, providerId: string, changes: Partial<Omit<ProviderInput, 'providerId'>>): Promise<{ changed: boolean } | Refusal>;
  /** Registers the provider or makes it look as `input` says; what is left out is taken away. Its status stays. */
  setProvider(tx: Tx, input: ProviderInput): Promise<{ changed: boolean; created: boolean } | Refusal>;
}

export function createProviderSetting(deps: { clock: Clock; append: AppendRecord; keys: KeyRing }): ProviderSetting {
  const contextOf = (providerId: string): string => `provider:${providerId}`;
  const seal = ({ providerId, credential }: ProviderInput): Buffer | null => (credential ? deps.keys.sealSecret(credential.secret, contextOf(providerId)) : null);
  // A credential that no longer opens (the root key was lost) differs from any: it is sealed anew.
  const opened = (row: ProviderRow): string | null | undefined => {
    if (!row.credential_sealed) return null;
    try { return deps.keys.openSecret(row.credential_sealed, contextOf(row.provider_id)); } catch { return undefined; }
  };

  const registerProvider: ProviderSetting['registerProvider'] = async (tx, input) => {
    const refusal = forbid(tx.actor, 'providers.write') ?? checkProvider(input);
    if (refusal) return refusal;
    const facts = factsOf(input, seal(input));
    if (!await insertProvider(tx, input.providerId, facts, deps.clock.now())) return refuse('conflict', `there is a provider ${input.providerId}; choose another id, or change that one`, 'providerId');
    await deps.append(tx, { action: 'provider.register', subjectKind: 'provider', subjectId: input.providerId, after: recordOf({ ...facts, status: 'active' }) });
    return { providerId: input.providerId };
  };

  /** `wanted.credential` undefined keeps the one there is. */
  const replace = async (tx: Tx, found: ProviderRow, wanted: ProviderInput): Promise<{ changed: boolean } | Refusal> => {
    const wrong = checkProvider(wanted);
    if (wrong) return wrong;
    if (wanted.category !== 'model' && found.category === 'model' && await routesTo(tx, found.provider_id) > 0) {
      return refuse('conflict', `models have routes to ${found.provider_id}; give them other routes before it stops being a model provider`, 'category');
    }
    const keep = wanted.credential === undefined && wanted.category === 'model';
    const sameSecret = keep || opened(found) === (wanted.credential?.secret ?? null);
    const described = factsOf(wanted, null);
    const facts = { ...described, credential_sealed: sameSecret ? found.credential_sealed : seal(wanted), credential_source: keep ? found.credential_source : described.credential_source };
    if (sameSecret && canonicalJson(recordOf(facts)) === canonicalJson(recordOf({ ...found, status: undefined }))) return { changed: false };
    const before = await lockProvider(tx, found.provider_id);
    await updateProviderRow(tx, found.provider_id, facts);
    await deps.append(tx, { action: 'provider.update', subjectKind: 'provider', subjectId: found.provider_id, before: recordOf(before),
      after: { ...recordOf({ ...facts, status: before.status }), ...(sameSecret ? {} : { credential_replaced: true }) } });
    return { changed: true };
  };

  return {
    registerProvider,
    updateProvider: async (tx, providerId, changes) => {
      const found = forbid(tx.actor, 'providers.write') ?? await findProviderRow(tx, providerId) ?? refuse('not_found', `there is no provider ${providerId}`, 'providerId');
      if (isRefusal(found)) return found;
      const current: ProviderInput = { providerId, name: found.name, category: found.category, legalEntity: found.legal_entity, jurisdictions: found.jurisdictions, protocol: found.protocol,
        baseUrl: found.base_url, dpa: found.dpa_signed_on === null ? null : { signedOn: found.dpa_signed_on, reference: found.dpa_reference ?? '' }, standIn: found.stand_in };
      const named = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      return replace(tx, found, { ...current, ...named });
    },
    setProvider: async (tx, input) => {
      const refusal = forbid(tx.actor, 'providers.write') ?? checkProvider(input);
      if (refusal) return refusal;
      const found = await findProviderRow(tx, input.providerId);
      const answer = found ? await replace(tx, found, { ...input, credential: input.credential ?? null }) : await registerProvider(tx, input);
      return isRefusal(answer) ? answer : { changed: 'changed' in answer ? answer.changed : true, created: !found };
    },
  };
}
