// What a provider may look like, and what of it a record holds. Pure.
import type { Json } from '../../kernel/canonical-json.js';
import { checkDay, checkHttpUrl, checkJurisdiction, checkLine, checkSlug } from '../../kernel/field-rules.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import { CATEGORIES, type Category, type ProviderFacts, type ProviderRow } from './provider.store.js';
import type { Protocol } from './route-rules.js';

/** Where the secret came from, `env:NAME`, and the secret, which is stored sealed and never shown again. */
export interface Credential { readonly source: string; readonly secret: string }

export interface ProviderInput {
  readonly providerId: string;
  readonly name: string;
  readonly category: Category;
  readonly legalEntity: string;
  /** Everywhere inputs are processed or can be accessed from. */
  readonly jurisdictions: readonly string[];
  /** A model provider has protocol and baseUrl, any other has neither, nor a credential. */
  readonly protocol?: Protocol | null;
  readonly baseUrl?: string | null;
  /** Null or unset: none is sent. */
  readonly credential?: Credential | null;
  /** The data processing agreement; signedOn is YYYY-MM-DD. */
  readonly dpa?: { readonly signedOn: string; readonly reference: string } | null;
  /** A labelled imitation without a model behind it. */
  readonly standIn?: boolean;
}

export function checkProvider(input: ProviderInput): Refusal | undefined {
  return checkSlug(input.providerId, 'providerId') ?? checkLine(input.name, 'name') ?? checkCategory(input.category) ?? checkLine(input.legalEntity, 'legalEntity')
    ?? checkPlaces(input.jurisdictions) ?? (input.category === 'model' ? checkModelProvider(input) : checkOtherProvider(input))
    ?? (input.dpa ? checkDay(input.dpa.signedOn, 'dpa.signedOn') ?? checkLine(input.dpa.reference, 'dpa.reference') : undefined);
}

function checkCategory(category: string): Refusal | undefined {
  return (CATEGORIES as readonly string[]).includes(category) ? undefined : refuse('invalid_request', `must be one of ${CATEGORIES.join(', ')}`, 'category');
}
function checkPlaces(places: readonly string[]): Refusal | undefined {
  if (places.length === 0) return refuse('invalid_request', 'name at least one jurisdiction', 'jurisdictions');
  if (new Set(places).size < places.length) return refuse('invalid_request', 'name each jurisdiction once', 'jurisdictions');
  return places.map((place, index) => checkJurisdiction(place, `jurisdictions[${index}]`)).find(Boolean);
}
function checkModelProvider({ protocol, baseUrl, credential }: ProviderInput): Refusal | undefined {
  if (protocol !== 'openai' && protocol !== 'anthropic') return refuse('invalid_request', 'a model provider needs a protocol: openai or anthropic', 'protocol');
  if (!baseUrl) return refuse('invalid_request', 'a model provider needs a baseUrl', 'baseUrl');
  if (credential && !/^[\x21-\x7e]{1,4096}$/.test(credential.secret)) return refuse('invalid_request', 'a credential has 1 to 4096 visible ASCII characters and no spaces', 'credential');
  return checkHttpUrl(baseUrl, 'baseUrl') ?? (new URL(baseUrl).search ? refuse('invalid_request', 'must have no query', 'baseUrl') : undefined);
}
function checkOtherProvider({ protocol, baseUrl, credential, standIn }: ProviderInput): Refusal | undefined {
  const field = protocol ? 'protocol' : baseUrl ? 'baseUrl' : credential ? 'credential' : standIn ? 'standIn' : undefined;
  return field ? refuse('invalid_request', 'only a provider of category model has one', field) : undefined;
}

/** The row of a valid input; `sealed` is its credential as the database keeps it. */
export function factsOf(input: ProviderInput, sealed: Buffer | null): ProviderFacts {
  return {
    name: input.name, category: input.category, legal_entity: input.legalEntity, jurisdictions: [...input.jurisdictions], protocol: input.protocol ?? null,
    base_url: input.baseUrl?.replace(/\/+$/, '') ?? null, credential_sealed: sealed, credential_source: input.category === 'model' ? input.credential?.source ?? 'none' : null,
    dpa_signed_on: input.dpa?.signedOn ?? null, dpa_reference: input.dpa?.reference ?? null, stand_in: input.standIn ?? false,
  };
}

/** A provider in a record: everything but the credential, of which only the source is told. */
export function recordOf(provider: ProviderFacts & Partial<Pick<ProviderRow, 'status'>>): { readonly [key: string]: Json } {
  return { name: provider.name, category: provider.category, legal_entity: provider.legal_entity, jurisdictions: [...provider.jurisdictions].sort(), protocol: provider.protocol,
    base_url: provider.base_url, credential_source: provider.credential_source, dpa_signed_on: provider.dpa_signed_on, dpa_reference: provider.dpa_reference, stand_in: provider.stand_in,
    ...(provider.status ? { status: provider.status } : {}) };
}
