// The limits a minute of a call's key and account: both must have room.
import { isRefusal, refuse } from '../../kernel/result.js';
import type { CallRefusal } from './admit-call.js';
import type { RateVerdict } from './limit-rate.js';
import type { Caller } from './open-call.js';
import type { SharedRate } from './share-rate.js';

type Limited = RateVerdict | undefined | CallRefusal;

/** What is left, of the account where it has a limit, else of the key; or the refusal. A promise only when Redis has to be asked. */
export function limitCall(limiter: SharedRate, call: { readonly caller: Caller; readonly at: Date }): Limited | Promise<Limited> {
  const { key } = call.caller, ofKey = key.limits ? limiter.take(key.keyId, key.limits, call.at) : undefined;
  return ofKey instanceof Promise ? ofKey.then((verdict) => limitAccount(limiter, call, verdict)) : limitAccount(limiter, call, ofKey);
}

function limitAccount(limiter: SharedRate, { caller: { account }, at }: { readonly caller: Caller; readonly at: Date }, ofKey: RateVerdict | undefined): Limited | Promise<Limited> {
  if (ofKey && !ofKey.allowed) return refusalOf(ofKey, "API key's");
  const ofAccount = limiter.take(account.accountId, account, at);
  const decide = (verdict: RateVerdict | undefined): Limited => (verdict && !verdict.allowed ? refusalOf(verdict, "account's") : verdict ?? ofKey);
  return ofAccount instanceof Promise ? ofAccount.then(decide) : decide(ofAccount);
}

function refusalOf(rate: RateVerdict, whose: string): CallRefusal {
  return { ...refuse('rate_limited', `The ${whose} limit of ${rate.limit} ${rate.of} a minute is reached. Try again in ${rate.retryAfter} s.`), retryAfter: rate.retryAfter, rate };
}

export function isLimited(limited: Limited): limited is CallRefusal { return limited !== undefined && isRefusal(limited); }
