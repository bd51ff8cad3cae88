// A registry for benchmarks: one account without limits, a provider for each upstream (by name; its models are NAME-*), a price. Returns the key's secret.
import { randomBytes } from 'node:crypto';
import { sha256 } from '../../../dist/src/kernel/digest.js';

export async function seed(app, upstreams) {
  const secret = `hfk_${randomBytes(24).toString('base64url')}`, run = (sql, values = []) => app.database.pool.query(sql, values);
  await run(`INSERT INTO operator_profile (name, jurisdiction, contact) VALUES ('Bench', 'SG', 'bench@example.test')`);
  for (const [id, url] of Object.entries(upstreams)) {
    await run(`INSERT INTO providers (provider_id, name, category, legal_entity, jurisdictions, protocol, base_url, created_at) VALUES ($1, $1, 'model', 'Bench Ltd', '{US}', 'openai', $2, now())`, [id, `${url}/v1`]);
    await run(`INSERT INTO provider_terms (provider_id, version, effective_from, url, trains_on_inputs, retention_days) VALUES ($1, '1', '2026-01-01', 'https://example.test', false, 30)`, [id]);
    const model = `${id}-*`;
    await run('INSERT INTO models VALUES ($1)', [model]);
    await run('INSERT INTO model_routes (model_id, position, provider_id) VALUES ($1, 0, $2)', [model, id]);
    await run(`INSERT INTO prices (price_id, model, provider_id, currency, effective_from, input_micros, cache_read_micros, cache_write_micros, output_micros) VALUES (gen_random_uuid(), $1, $2, 'USD', '2026-01-01', 2000000, 200000, 2500000, 8000000)`, [model, id]);
  }
  await run(`INSERT INTO accounts (account_id, name, jurisdiction, contact, created_at) VALUES ('bench', 'Bench', 'DE', 'c', now())`);
  await run(`INSERT INTO confirmations (confirmation_id, account_id, destination, basis, covers, confirmed_by, confirmed_at, valid_until) VALUES (gen_random_uuid(), 'bench', 'US', 'standard-contract', '{legality,authorisation,redaction,procedures}', 'dpo', '2026-01-01', '2099-01-01')`);
  await run(`INSERT INTO api_keys (key_id, account_id, name, secret_hash, hint, created_at) VALUES (gen_random_uuid(), 'bench', 'bench', $1, '', now())`, [sha256(secret)]);
  return secret;
}
