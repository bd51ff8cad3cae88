import fc from 'fast-check';
import { expiresAt, grantFor, isSampled, keyFacts, keyNameFor, heldKeyName, LONGEST_KEEP_HOURS, type GrantFacts } from '../../../src/domain/vault/content-rules.js';
import { mintId } from '../../../src/kernel/ids.js';

const HOUR = 3_600_000;
const from = new Date('2026-11-24T10:00:00Z');
const grant = (over: Partial<GrantFacts> = {}): GrantFacts => ({ grantId: 'g', kind: 'troubleshooting', keyIds: null, models: null, sides: ['input', 'output'], trigger: 'every', samplePercent: 100, keepHours: 72,
  validFrom: from, validUntil: new Date(from.getTime() + 7 * 24 * HOUR), ...over });
const call = (over: object = {}) => ({ requestId: mintId(from), keyId: 'k1', model: 'gpt-5.6', at: from, ...over });

test('without a grant nothing is kept', () => { expect(grantFor([], call())).toBeUndefined(); });

test('a grant covers from its first instant up to, and not with, its last', () => {
  const one = grant();
  expect(grantFor([one], call({ at: new Date(from.getTime() - 1) }))).toBeUndefined();
  expect(grantFor([one], call())).toBe(one);
  expect(grantFor([one], call({ at: new Date(one.validUntil.getTime() - 1) }))).toBe(one);
  expect(grantFor([one], call({ at: one.validUntil }))).toBeUndefined();
});

test('a grant for named keys or models covers no others', () => {
  expect(grantFor([grant({ keyIds: ['k2'] })], call())).toBeUndefined();
  expect(grantFor([grant({ models: ['other'] })], call())).toBeUndefined();
  const both = grant({ keyIds: ['k1'], models: ['gpt-5.6'] });
  expect(grantFor([both], call())).toBe(both);
});

test('of several grants the one whose content goes last is taken', () => {
  const short = grant({ grantId: 'short', keepHours: 1 }), long = grant({ grantId: 'long', keepHours: 48 });
  expect(grantFor([short, long], call())?.grantId).toBe('long');
  expect(grantFor([long, short], call())?.grantId).toBe('long');
});

test('content never outlives its kind, its hours or its authorisation', () => {
  fc.assert(fc.property(fc.constantFrom('troubleshooting' as const, 'security_review' as const), fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 10_000 }), (kind, keepHours, validHours) => {
    const one = grant({ kind, keepHours, validUntil: new Date(from.getTime() + validHours * HOUR) }), gone = expiresAt(one, from).getTime();
    expect(gone).toBeLessThanOrEqual(from.getTime() + LONGEST_KEEP_HOURS[kind] * HOUR);
    expect(gone).toBeLessThanOrEqual(from.getTime() + keepHours * HOUR);
    expect(gone).toBeLessThanOrEqual(one.validUntil.getTime());
  }));
});

test("a day's key is not due before everything sealed under it is past its time", () => {
  fc.assert(fc.property(fc.constantFrom('troubleshooting' as const, 'security_review' as const), fc.date({ min: new Date('2026-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }), (kind, at) => {
    const facts = keyFacts(keyNameFor('input', kind, at))!;
    expect(facts.dueAt.getTime()).toBeGreaterThanOrEqual(expiresAt(grant({ kind, keepHours: 720, validUntil: new Date('2099-01-01') }), at).getTime());
    expect(facts).toMatchObject({ side: 'input', held: false });
  }));
});

test('key names say what they are, and nothing else is taken for one', () => {
  expect(keyNameFor('output', 'security_review', from)).toBe('output-security-review-20261124');
  expect(keyFacts(heldKeyName('output', from))).toMatchObject({ side: 'output', held: true });
  for (const other of ['', 'root', 'input-20261124', 'input-other-20261124', 'input-held-2026112', 'both-held-20261124']) expect(keyFacts(other)).toBeUndefined();
});

test('a sample takes its share, and the same calls whoever asks', () => {
  const ids = Array.from({ length: 4_000 }, () => mintId(from));
  const taken = ids.filter((id) => isSampled(id, 25));
  expect(taken.length).toBeGreaterThan(700);
  expect(taken.length).toBeLessThan(1_300);
  expect(ids.filter((id) => isSampled(id, 25))).toEqual(taken);
  expect(ids.every((id) => isSampled(id, 100))).toBe(true);
});
