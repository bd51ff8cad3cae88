// Accounts with their confirmations, then their keys.
import { NO_LIMITS, type UsageLimits } from '../../../domain/billing/index.js';
import { CONFIRMATION_COVERS } from '../../../domain/cross-border/index.js';
import type { Applying } from './apply-configuration.js';
import type { AccountItem, LimitsItem } from './configuration.schemas.js';
import type { Configuration, Item } from './read-configuration.js';

export async function applyCustomers(applying: Applying, { accounts, keys }: Configuration): Promise<void> {
  const { app, tx, env, take } = applying;
  for (const item of accounts) await applyAccount(applying, item);
  for (const { path, value } of keys) {
    let keyId = '';
    const taken = await take({ kind: 'key', name: `${value.account} ${value.name}`, path, fields: { accountId: 'account', secret: 'secret.env' } },
      app.security.setKey(tx, { accountId: value.account, name: value.name, secret: env[value.secret.env] ?? '' }),
      (answer) => { ({ keyId } = answer); return answer.revoked ? { note: 'was revoked and stays so' } : {}; });
    if (taken && value.limits) {
      await take({ kind: 'limits', name: `key ${value.account} ${value.name}`, path: [...path, 'limits'], fields: LIMIT_FIELDS },
        app.billing.setLimits(tx, 'key', keyId, { ...limitsFrom(value.limits), requestsPerMinute: value.limits.requestsPerMinute ?? null, tokensPerMinute: tokensOf(value.limits) }));
    }
  }
}

/** Names of use cases' fields in the file. */
const LIMIT_FIELDS = { quota: 'tokens' };

function limitsFrom({ budget, tokens, concurrentCalls }: LimitsItem): UsageLimits {
  return { ...NO_LIMITS, budget: budget ? { micros: budget.amount, period: budget.per, currency: budget.currency } : null, quota: tokens ? { tokens: BigInt(tokens.amount), period: tokens.per } : null,
    concurrentCalls: concurrentCalls ?? null };
}

function tokensOf({ tokensPerMinute }: LimitsItem): bigint | null { return tokensPerMinute === undefined ? null : BigInt(tokensPerMinute); }

async function applyAccount({ app, tx, take }: Applying, { path, value }: Item<AccountItem>): Promise<void> {
  const { id, confirmations, limits, ...facts } = value;
  const taken = await take({ kind: 'account', name: id, path, fields: { accountId: 'id', requestsPerMinute: 'limits.requestsPerMinute', tokensPerMinute: 'limits.tokensPerMinute' } }, app.billing.setAccount(tx, {
    ...facts, accountId: id, requestsPerMinute: limits?.requestsPerMinute ?? null, tokensPerMinute: limits ? tokensOf(limits) : null,
  }));
  if (!taken) return;
  if (limits) await take({ kind: 'limits', name: `account ${id}`, path: [...path, 'limits'], fields: LIMIT_FIELDS }, app.billing.setLimits(tx, 'account', id, limitsFrom(limits)));
  for (const [index, { to, ...given }] of confirmations.entries()) {
    const missing = CONFIRMATION_COVERS.filter((cover) => !given.covers.includes(cover));
    await take({ kind: 'confirmation', name: `${id} to ${to} of ${given.confirmedAt}`, path: [...path, 'confirmations', index], fields: { destination: 'to' } },
      app.crossBorder.confirmTransfers(tx, { accountId: id, destination: to, ...given }),
      (answer) => ({ outcome: 'created', ...(answer.withdrawn ? { note: 'was withdrawn and stays so' } : missing.length > 0 ? { note: `opens nothing yet: it does not cover ${missing.join(', ')}` } : {}) }));
  }
}
