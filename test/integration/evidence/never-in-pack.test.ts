import { readFileSync } from 'node:fs';
import type { PackKind, PackRequest } from '../../../src/domain/evidence/index.js';
import { fixedClock } from '../../../src/kernel/clock.js';
import { placesOfValue } from '../../support/absent.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { evidenceWorld, officer } from '../../support/evidence.js';
import { ok } from '../../support/registry.js';

const CARD = '4111-1111-1111-1111', clock = fixedClock(new Date());
let test_: TestApp, requestId: string, from: Date, until: Date;
beforeAll(async () => {
  test_ = await createTestApp({ clock });
  const world = await evidenceWorld(test_.app);
  from = clock.now();
  requestId = await world.makeCall({ accountId: 'acme', sessionId: CARD, attempts: 2 });
  clock.advance(1_000);
  until = clock.now();
  await world.makeCall({ accountId: 'kuhn', sessionId: 'the-session-of-kuhn' });
}, 60_000);
afterAll(async () => { await test_.close(); });

const legal = { authority: 'Amtsgericht Köln', instrument: '7 O 12/26', servedOn: '2026-11-20', dueOn: '2026-11-30', articles: 'StPO 100k' };
const about: Readonly<Record<Exclude<PackKind, 'purge_certificate'>, () => Partial<PackRequest>>> = {
  dispute: () => ({ requestId }), scheme_exhibit: () => ({ requestId }), lawful_request: () => ({ accountId: 'acme', legal }), subject_access: () => ({ accountId: 'acme' }),
  audit_period: () => ({ from, until }), custom: () => ({ from, until, accountId: 'acme' }),
};
const make = (kind: PackKind, more: Partial<PackRequest> = {}) => test_.app.evidence.makePack(officer, { kind, purpose: 'lawful_cooperation', language: 'en', ...(kind === 'purge_certificate' ? {} : about[kind]()), ...more });
const kinds = Object.keys(about) as (keyof typeof about)[];

test.each(kinds)('a card number in a record is in no pack of kind %s: the last gate stops it, or the template took it out', async (kind) => {
  const made = await make(kind);
  if (kind === 'scheme_exhibit') expect(placesOfValue(readFileSync(ok(made).path), CARD)).toEqual([]);
  else expect(made).toMatchObject({ code: 'conflict', message: expect.stringContaining('session_id holds a card number') });
});

test.each(kinds)('what was taken out of a pack of kind %s, and what other customers have, is nowhere in the file in any shape', async (kind) => {
  const bytes = readFileSync(ok(await make(kind, { redact: ['session_id', 'upstream_request_id', 'client_request_id'] })).path);
  for (const value of [CARD, CARD.replaceAll('-', ''), 'req_openai_7', 'client-42', 'the-session-of-kuhn', '库恩股份公司', 'dev@kuhn.test']) expect([value, placesOfValue(bytes, value)]).toEqual([value, []]);
}, 60_000);

test('the search finds what is there: the account as raw attachment data, in the text of the pages, and in what is decompressed', async () => {
  const places = placesOfValue(readFileSync(ok(await make('lawful_request', { redact: ['session_id'] })).path), 'Amtsgericht');
  expect(places.some((one) => one.includes('decompressed (utf-8)'))).toBe(true);
  expect(places).toContain('the text of the pages');
  expect(placesOfValue(readFileSync(ok(await make('scheme_exhibit')).path), 'Example Gateway Ltd').some((one) => one.startsWith('a string of part'))).toBe(true);
});

test.each(['4111 1111 1111 1111', `sk-${'a1B2'.repeat(8)}`, '-----BEGIN PRIVATE KEY-----'])('"%s" in words of the officer is refused before anything is read', async (secret) => {
  for (const kind of kinds) expect(await make(kind, { reason: `see ${secret}` })).toMatchObject({ code: 'invalid_request', field: 'reason' });
});
