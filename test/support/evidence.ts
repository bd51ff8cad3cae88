// A call with everything around it that a pack speaks of, made through the use cases, and its pack.
import { readFileSync } from 'node:fs';
import type { App } from '../../src/app.js';
import type { PackLanguage } from '../../src/domain/evidence/index.js';
import type { LedgerRecord } from '../../src/domain/ledger/index.js';
import { systemActor, type Actor, type Role } from '../../src/kernel/actor.js';
import { mintId } from '../../src/kernel/ids.js';
import { aCall, anOutcome, aTransfer } from '../fixtures/calls.js';
import { ok } from './registry.js';

export const officer: Actor = { kind: 'operator', id: '0193c1a2-0000-7000-8000-00000000000f', name: 'Mara Lindqvist', roles: ['compliance_officer'] satisfies Role[] };
const system = systemActor('test');

export interface CallInput { readonly accountId?: string; readonly sessionId?: string; readonly attempts?: 1 | 2 }
export interface EvidenceWorld { readonly priceId: string; readonly confirmationId: string; makeCall(input?: CallInput): Promise<string> }

/** Operator, provider with terms, price, account with a confirmation and a hold. `makeCall` records a call of 5,360 micro-dollars and answers its id. */
export async function evidenceWorld(app: App): Promise<EvidenceWorld> {
  const run = <T>(work: Parameters<typeof app.act<T>>[1]): Promise<T> => app.act(system, work);
  ok(await run((tx) => app.security.setOperatorProfile(tx, { name: 'Example Gateway Ltd', jurisdiction: 'SG', contact: 'privacy@example.test' })));
  ok(await run((tx) => app.providers.registerProvider(tx, { providerId: 'openai', name: 'OpenAI', category: 'model', legalEntity: 'OpenAI OpCo, LLC', jurisdictions: ['US'], protocol: 'openai', baseUrl: 'https://api.openai.test/v1' })));
  ok(await run((tx) => app.providers.addTerms(tx, 'openai', { version: '2026-01-01', effectiveFrom: '2026-01-01', url: 'https://openai.test/terms', trainsOnInputs: false, retentionDays: 30 })));
  const { priceId } = ok(await run((tx) => app.billing.setPrice(tx, { model: 'gpt-*', providerId: 'openai', currency: 'USD', effectiveFrom: '2026-01-01', inputMicros: 2_000_000n, cacheReadMicros: 200_000n, cacheWriteMicros: 2_500_000n, outputMicros: 8_000_000n })));
  for (const [accountId, name] of [['acme', 'Acme GmbH'], ['kuhn', '库恩股份公司']] as const) ok(await run((tx) => app.billing.openAccount(tx, { accountId, name, jurisdiction: 'DE', contact: `dev@${accountId}.test` })));
  const { confirmationId } = ok(await run((tx) => app.crossBorder.confirmTransfers(tx, { accountId: 'acme', destination: 'US', basis: 'standard-contract', covers: ['legality', 'authorisation', 'redaction', 'procedures'], confirmedBy: 'dpo@acme.test', confirmedAt: '2026-02-01', validUntil: '2029-02-01' })));
  await run((tx) => app.retention.ensureDefaultPolicies(tx));
  ok(await run((tx) => app.retention.placeHold(tx, { accountId: 'acme', matter: 'Case 4711, secret', requester: 'Legal', basis: 'dispute', reviewOn: '2027-01-31' })));
  const recorder = app.ledger.createRecorder('test');
  return { priceId, confirmationId, makeCall: async ({ accountId = 'acme', sessionId, attempts = 1 } = {}) => {
    const at = app.clock.now();
    const call = aCall(at, { account_id: accountId, attempts, price_id: priceId, cost_micros: 5_360n, session_id: sessionId ?? null, upstream_request_id: 'req_openai_7', client_request_id: 'client-42' });
    const transfers = Array.from({ length: attempts }, (_, index) => aTransfer(call, { attempt: index + 1, at: new Date(at.getTime() + index * 300), transfer_id: mintId(new Date(at.getTime() + index * 300)), confirmation_ids: [confirmationId] }));
    const outcomes = transfers.map((transfer, index) => anOutcome(transfer, { at: new Date(at.getTime() + 280 + index * 600), ...(index + 1 < attempts ? { outcome: 'rejected', http_status: 503, upstream_request_id: null } : {}) }));
    await recorder.write(transfers as LedgerRecord[]);
    await recorder.write([call, ...outcomes] as LedgerRecord[]);
    return call.row.request_id!;
  } };
}

/** The bytes of a pack made for the call. */
export async function packBytes(app: App, requestId: string, language: PackLanguage = 'en', reason = 'Was the answer of this call charged correctly, and where did its data go?'): Promise<{ packId: string; path: string; bytes: Buffer }> {
  const made = ok(await app.evidence.makePack(officer, { requestId, purpose: 'dispute_resolution', language, reason }));
  return { ...made, bytes: readFileSync(made.path) };
}
