// Puts a registry into a test database: one operator, providers, accounts, keys. Written as rows, so that these tests need no other slice.
import { randomBytes } from 'node:crypto';
import type { App } from '../../src/app.js';
import { systemActor } from '../../src/kernel/actor.js';
import { sha256 } from '../../src/kernel/digest.js';
import { mintId } from '../../src/kernel/ids.js';

export const actor = systemActor('test');

/** Runs SQL as a change with an audit record. */
export async function change(app: App, sql: string, values: unknown[] = []): Promise<void> {
  const { managerOf } = await import('../../src/platform/db/index.js');
  await app.act(actor, async (tx) => {
    await managerOf(tx).query(sql, values);
    await app.ledger.append(tx, { action: 'test.change', subjectKind: 'test', subjectId: 'test' });
  });
}

export async function addProvider(app: App, provider: { id: string; protocol: 'openai' | 'anthropic'; baseUrl: string; jurisdictions?: string[]; credential?: string; trains?: boolean | null }): Promise<void> {
  const sealed = provider.credential === undefined ? null : app.keys.sealSecret(provider.credential, `provider:${provider.id}`);
  await change(app, `INSERT INTO providers (provider_id, name, category, legal_entity, jurisdictions, protocol, base_url, credential_sealed, created_at)
    VALUES ($1, $2, 'model', $3, $4, $5, $6, $7, now())`, [provider.id, `Provider ${provider.id}`, `${provider.id} Ltd`, provider.jurisdictions ?? ['US'], provider.protocol, provider.baseUrl, sealed]);
  if (provider.trains !== null) {
    await change(app, `INSERT INTO provider_terms (provider_id, version, effective_from, url, trains_on_inputs, retention_days) VALUES ($1, '2026-01', '2026-01-01', 'https://example.test', $2, 30)`,
      [provider.id, provider.trains ?? false]);
  }
}

export async function addModel(app: App, id: string, routes: (string | [provider: string, upstreamModel: string])[]): Promise<void> {
  await change(app, 'INSERT INTO models (model_id) VALUES ($1)', [id]);
  for (const [position, route] of routes.entries()) {
    const [provider, upstream] = typeof route === 'string' ? [route, null] : route;
    await change(app, 'INSERT INTO model_routes (model_id, position, provider_id, upstream_model) VALUES ($1, $2, $3, $4)', [id, position, provider, upstream]);
  }
}

export async function addPrice(app: App, price: { model: string; provider: string; input: number; cacheRead: number; cacheWrite: number; output: number }): Promise<void> {
  await change(app, `INSERT INTO prices (price_id, model, provider_id, currency, effective_from, input_micros, cache_read_micros, cache_write_micros, output_micros)
    VALUES ($1, $2, $3, 'USD', '2026-01-01', $4, $5, $6, $7)`, [mintId(app.clock.now()), price.model, price.provider, price.input, price.cacheRead, price.cacheWrite, price.output]);
}

export async function addAccount(app: App, account: { id: string; jurisdiction: string; confirmedFor?: string[]; requestsPerMinute?: number; tokensPerMinute?: number }): Promise<void> {
  await change(app, `INSERT INTO accounts (account_id, name, jurisdiction, contact, requests_per_minute, tokens_per_minute, created_at) VALUES ($1, $1, $2, 'c@example.test', $3, $4, now())`,
    [account.id, account.jurisdiction, account.requestsPerMinute ?? null, account.tokensPerMinute ?? null]);
  for (const destination of account.confirmedFor ?? []) {
    await change(app, `INSERT INTO confirmations (confirmation_id, account_id, destination, basis, covers, confirmed_by, confirmed_at, valid_until)
      VALUES ($1, $2, $3, 'standard-contract', '{legality,authorisation,redaction,procedures}', 'dpo', '2026-01-01', '2099-01-01')`, [mintId(app.clock.now()), account.id, destination]);
  }
}

/** A new key of the account; returns its secret. */
export async function addKey(app: App, accountId: string): Promise<string> {
  const secret = `hfk_${randomBytes(24).toString('base64url')}`;
  await change(app, `INSERT INTO api_keys (key_id, account_id, name, secret_hash, hint, created_at) VALUES ($1, $2, $3, $4, '', now())`,
    [mintId(app.clock.now()), accountId, secret.slice(4, 16), sha256(secret)]);
  return secret;
}

/** Account acme (DE, confirmed for US) and kuhn (CH, nothing confirmed), models of providers oai and ant at `baseUrl`, with prices. */
export async function seedRegistry(app: App, baseUrl: string): Promise<{ acme: string; kuhn: string }> {
  await change(app, `INSERT INTO operator_profile (name, jurisdiction, contact, unpriced_calls) VALUES ('Operator', 'SG', 'privacy@example.test', 'allow')`);
  await addProvider(app, { id: 'oai', protocol: 'openai', baseUrl: `${baseUrl}/v1`, credential: 'sk-upstream-openai' });
  await addProvider(app, { id: 'ant', protocol: 'anthropic', baseUrl, credential: 'sk-upstream-anthropic' });
  await addModel(app, 'mock-*', ['oai', 'ant']);
  await addPrice(app, { model: 'mock-*', provider: 'oai', input: 2_000_000, cacheRead: 200_000, cacheWrite: 2_500_000, output: 8_000_000 });
  await addPrice(app, { model: 'mock-*', provider: 'ant', input: 3_000_000, cacheRead: 300_000, cacheWrite: 3_750_000, output: 15_000_000 });
  await addAccount(app, { id: 'acme', jurisdiction: 'DE', confirmedFor: ['US'] });
  await addAccount(app, { id: 'kuhn', jurisdiction: 'CH' });
  return { acme: await addKey(app, 'acme'), kuhn: await addKey(app, 'kuhn') };
}
