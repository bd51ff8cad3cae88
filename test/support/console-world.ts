// A small world for the console: two customers, three providers, calls of all kinds, sealed.
import type { App } from '../../src/app.js';
import type { LedgerRecord } from '../../src/domain/ledger/index.js';
import { mintId } from '../../src/kernel/ids.js';
import { ensurePartitions } from '../../src/platform/db/index.js';
import { ok, system } from './registry.js';

export interface World {
  /** Issued keys; the secrets must show up nowhere. */
  readonly keyId: string; readonly keySecret: string; readonly providerSecret: string;
  readonly confirmationId: string; readonly holdId: string;
  /** Calls, oldest first. The first crossed a border and was charged; the last was refused. */
  readonly calls: readonly string[];
  readonly upstreamId: string; readonly clientId: string;
}

const EPOCH = '00000000-0000-7000-8000-000000000001';
const COVERS = ['legality', 'authorisation', 'redaction', 'procedures'];

/** `hostile` stands in names, to see that pages survive it. Calls are spread over the hours before the app's now. */
export async function makeWorld(app: App, options: { calls?: number; hostile?: string } = {}): Promise<World> {
  const providerSecret = 'sk-upstream-0123456789abcdef', now = app.clock.now();
  const made = await app.act(system, async (tx) => {
    ok(await app.retention.ensureDefaultPolicies(tx));
    ok(await app.billing.openAccount(tx, { accountId: 'acme', name: options.hostile ?? 'Acme GmbH', jurisdiction: 'DE', contact: 'dpo@acme.test', requestsPerMinute: 600, tokensPerMinute: 2_000_000n }));
    ok(await app.billing.openAccount(tx, { accountId: 'kuhn', name: 'Kuhn AG', jurisdiction: 'CH', contact: 'it@kuhn.test' }));
    ok(await app.providers.registerProvider(tx, { providerId: 'openai', name: 'OpenAI', category: 'model', legalEntity: 'OpenAI OpCo, LLC', jurisdictions: ['US'], protocol: 'openai',
      baseUrl: 'https://api.openai.test/v1', credential: { secret: providerSecret, source: 'env:UPSTREAM_KEY' }, dpa: { signedOn: '2026-01-15', reference: 'DPA-2026-001' } }));
    ok(await app.providers.registerProvider(tx, { providerId: 'mailer', name: 'Example Mail', category: 'email', legalEntity: 'Example Mail GmbH', jurisdictions: ['DE'] }));
    ok(await app.providers.addTerms(tx, 'openai', { version: '2026-01-01', effectiveFrom: '2026-01-01', url: 'https://example.test/terms', trainsOnInputs: false, retentionDays: 30 }));
    ok(await app.providers.setRoutes(tx, 'gpt-*', [{ providerId: 'openai' }]));
    ok(await app.providers.setAvailabilityRules(tx, [{ conditions: { model: 'gpt-embed', callerRegion: 'KP' }, outcome: 'suspend', reason: 'local-law' }]));
    const price = ok(await app.billing.setPrice(tx, { model: 'gpt-*', providerId: 'openai', currency: 'USD', effectiveFrom: '2026-01-01', inputMicros: 2_000_000n, cacheReadMicros: 200_000n, cacheWriteMicros: 2_500_000n, outputMicros: 8_000_000n }));
    const confirmation = ok(await app.crossBorder.confirmTransfers(tx, { accountId: 'acme', destination: 'US', basis: 'standard-contract', covers: COVERS, confirmedBy: 'dpo@acme.test', confirmedAt: '2026-02-01', validUntil: '2029-02-01' }));
    const hold = ok(await app.retention.placeHold(tx, { accountId: 'kuhn', matter: 'Dispute 2026-17', requester: 'Kuhn AG', basis: 'dispute over invoice 17', reviewOn: '2027-02-01' }));
    const key = ok(await app.security.issueKey(tx, { accountId: 'acme', name: 'production' }));
    return { priceId: price.priceId, confirmationId: confirmation.confirmationId, holdId: hold.holdId, keyId: key.keyId, keySecret: key.secret };
  });
  const count = options.calls ?? 3, span = Math.min(20 * 3_600_000, count * 600_000), calls: string[] = [];
  await ensurePartitions(app.database.pool, new Date(now.getTime() - span), now);
  const recorder = app.ledger.createRecorder('world');
  for (let n = 0; n < count; n += 1) {
    const at = new Date(now.getTime() - span + Math.floor((span * n) / count)), id = mintId(at), refused = n % 7 === 6 || n === count - 1;
    calls.push(id);
    await recorder.write(refused ? [refusedCall(id, at)] : wholeCall(id, at, n, made));
  }
  await app.ledger.sealOnce();
  return { ...made, providerSecret, calls, upstreamId: 'chatcmpl-world-0', clientId: 'client-world-0' };
}

type Made = Pick<World, 'keyId' | 'confirmationId'> & { readonly priceId: string };

function wholeCall(id: string, at: Date, n: number, made: Made): LedgerRecord[] {
  const transferId = mintId(at), input = BigInt(900 + n * 37), cacheRead = 400n, output = BigInt(120 + n * 11), end = new Date(at.getTime() + 2_140);
  const cost = input * 2n + (cacheRead * 200_000n + 500_000n) / 1_000_000n + output * 8n;
  const shared = { account_id: 'acme', key_id: made.keyId, epoch_id: EPOCH, account_seq: BigInt(n + 1) };
  return [
    { table: 'transfers', row: { transfer_id: transferId, request_id: id, at, ...shared, attempt: 1, provider_id: 'openai', provider_name: 'OpenAI', legal_entity: 'OpenAI OpCo, LLC', category: 'model',
      origin_jurisdiction: 'DE', destination_jurisdictions: ['US'], cross_border: true, terms_version: '2026-01-01', confirmation_ids: [made.confirmationId], basis: 'standard-contract', data_categories: ['prompt', 'parameters'],
      model: 'gpt-5', upstream_model: 'gpt-5', upstream_host: 'api.openai.test', path: '/v1/chat/completions', request_bytes: 4_096n, registry_version: 9n } },
    { table: 'transfer_outcomes', row: { transfer_id: transferId, request_id: id, account_id: 'acme', at: end, outcome: 'answered', http_status: 200, upstream_request_id: `chatcmpl-world-${n}`, response_bytes: 18_000n, first_byte_ms: 240, duration_ms: 2_100 } },
    { table: 'calls', row: { request_id: id, at, ended_at: end, ...shared, method: 'POST', path: '/v1/chat/completions', protocol: 'openai', model: 'gpt-5', served_model: 'gpt-5-2026-08-01', stream: true, status: n % 11 === 10 ? 'cut' : 'completed',
      http_status: 200, refusal_code: null, client_request_id: `client-world-${n}`, upstream_request_id: `chatcmpl-world-${n}`, answer_id: null, session_id: null, caller_region: 'DE', provider_id: 'openai', attempts: 1,
      usage_input: input, usage_cache_read: cacheRead, usage_cache_write: 0n, usage_cache_write_1h: 0n, usage_output: output, usage_reasoning: 40n, usage_units: null, usage_source: 'reported', cost_micros: cost, currency: 'USD', price_id: made.priceId,
      registry_version: 9n, request_bytes: 4_096n, response_bytes: 18_000n, first_byte_ms: 240 } },
  ];
}

function refusedCall(id: string, at: Date): LedgerRecord {
  return { table: 'calls', row: { request_id: id, at, ended_at: at, account_id: 'kuhn', key_id: null, epoch_id: EPOCH, account_seq: null, method: 'POST', path: '/v1/chat/completions', protocol: 'openai', model: 'gpt-5', served_model: null,
    stream: false, status: 'refused', http_status: 403, refusal_code: 'cross_border_confirmation_required', client_request_id: null, upstream_request_id: null, answer_id: null, session_id: null, caller_region: 'CH', provider_id: null, attempts: 0,
    usage_input: 0n, usage_cache_read: 0n, usage_cache_write: 0n, usage_cache_write_1h: 0n, usage_output: 0n, usage_reasoning: 0n, usage_units: null, usage_source: 'none', cost_micros: 0n, currency: null, price_id: null, registry_version: 9n,
    request_bytes: 900n, response_bytes: 200n, first_byte_ms: null } };
}
