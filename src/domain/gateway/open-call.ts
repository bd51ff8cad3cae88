// A call as it arrives: its id, what its headers say, and who makes it.
import { sha256Hex } from '../../kernel/digest.js';
import { isJurisdiction, type Jurisdiction } from '../../kernel/jurisdiction.js';
import { mintId, type Uuid } from '../../kernel/ids.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import { cleanText } from '../../kernel/text.js';
import { dialectOf, findEndpoint, type Endpoint } from './endpoints.js';
import type { Protocol } from '../providers/index.js';
import type { Registry, RegistryAccount, RegistryKey } from './registry.js';

/** What the door hands over. Header names in lower case; of repeated ones Node's joined value. */
export interface CallRequest {
  readonly method: string;
  readonly path: string;
  /** The query with its question mark, or ''. */
  readonly search: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Name, value, name, value … as they came. */
  readonly rawHeaders: readonly string[];
  /** The peer's address as the door trusts it. */
  readonly address: string | null;
  /** Reads the whole body, or refuses it as too large; rejects when the client left. */
  body(): Promise<Buffer | Refusal>;
}

export interface Caller { readonly key: RegistryKey; readonly account: RegistryAccount }

export interface OpenCall {
  readonly requestId: Uuid;
  readonly at: Date;
  /** `performance.now()` at arrival; durations are measured by it. */
  readonly started: number;
  readonly request: CallRequest;
  readonly registry: Registry;
  readonly endpoint: Endpoint | undefined;
  readonly dialect: Protocol;
  readonly clientRequestId: string | null;
  readonly sessionId: string | null;
  readonly callerRegion: Jurisdiction | null;
  /** Known also for revoked keys and closed accounts, whose refusals are theirs. */
  readonly caller: Caller | undefined;
  /** Why the caller may not call at all. */
  readonly refusal: Refusal | undefined;
}

/** Header in which a client, or a proxy in front that knows better, says from which country the call is made (ISO 3166-1 alpha-2). */
export const CALLER_REGION_HEADER = 'x-holdfast-caller-region';

export function openCall(registry: Registry, request: CallRequest, at: Date, started: number): OpenCall {
  const { headers } = request;
  const found = findEndpoint(request.method, request.path, headers), endpoint = isRefusal(found) ? undefined : found;
  const caller = identify(registry, headers);
  const region = textHeader(headers[CALLER_REGION_HEADER])?.toUpperCase();
  return {
    requestId: mintId(at), at, started, request, registry, endpoint, dialect: dialectOf(request.path, headers), caller,
    clientRequestId: cleanText(textHeader(headers['x-client-request-id']) ?? textHeader(headers['x-request-id'])),
    sessionId: cleanText(textHeader(headers['x-claude-code-session-id']) ?? textHeader(headers['session-id'])),
    callerRegion: region !== undefined && isJurisdiction(region) ? region : caller?.account.jurisdiction ?? null,
    refusal: isRefusal(found) ? found : refusalOf(caller, region),
  };
}

function refusalOf(caller: Caller | undefined, region: string | undefined): Refusal | undefined {
  const refusal = refusalOfCaller(caller);
  if (refusal) return refusal;
  if (region !== undefined && !isJurisdiction(region)) return refuse('invalid_request', `${CALLER_REGION_HEADER} must be an ISO 3166-1 alpha-2 country code.`, CALLER_REGION_HEADER);
  return undefined;
}

/** Why a caller may not use the gateway at all; undefined when it may. */
export function refusalOfCaller(caller: Caller | undefined): Refusal | undefined {
  if (!caller) return refuse('unauthenticated', 'No valid API key. Send it as "Authorization: Bearer KEY" or "x-api-key: KEY".');
  if (caller.key.revoked) return refuse('key_revoked', 'This API key was revoked. Ask the operator for a new one.');
  if (!caller.account.open) return refuse('account_closed', 'The account of this API key is closed. Write to the operator to open it again.');
  return undefined;
}

/** The key and account of the credential, in either form; of two different ones the one we know. */
export function identify(registry: Registry, headers: CallRequest['headers']): Caller | undefined {
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(textHeader(headers['authorization']) ?? '')?.[1];
  for (const secret of [bearer, textHeader(headers['x-api-key'])?.trim()]) {
    const key = secret ? registry.keys.get(sha256Hex(secret)) : undefined;
    const account = key && registry.accounts.get(key.accountId);
    if (key && account) return { key, account };
  }
  return undefined;
}

function textHeader(value: string | string[] | undefined): string | undefined { return Array.isArray(value) ? value[0] : value; }
