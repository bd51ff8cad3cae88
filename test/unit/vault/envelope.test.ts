import { randomBytes } from 'node:crypto';
import { openContent, rewrapKey, sealContent, type ContentPlace } from '../../../src/domain/vault/envelope.js';

const key = randomBytes(32), place: ContentPlace = { side: 'input', requestId: 'r', accountId: 'a', grantId: 'g' };
const plain = Buffer.from('{"messages":[{"role":"user","content":"the marker"}]}');

test('what was sealed opens with its key at its place, and shows nothing of itself before', () => {
  const envelope = sealContent(key, plain, place);
  expect(Buffer.concat([envelope.sealed, envelope.wrappedKey]).includes('marker')).toBe(false);
  expect(openContent(key, envelope, place).equals(plain)).toBe(true);
  expect(sealContent(key, plain, place).sealed.equals(envelope.sealed)).toBe(false);
});

test.each([['side', { ...place, side: 'output' as const }], ['call', { ...place, requestId: 's' }], ['account', { ...place, accountId: 'b' }], ['grant', { ...place, grantId: 'h' }]])('moved to another %s it does not open', (_, other) => {
  expect(() => openContent(key, sealContent(key, plain, place), other)).toThrow('authenticate');
});

test('no bit of it is free, and no other key opens it', () => {
  const envelope = sealContent(key, plain, place);
  for (const part of ['sealed', 'wrappedKey'] as const) {
    for (let bit = 0; bit < envelope[part].length * 8; bit++) {
      const bent = Buffer.from(envelope[part]);
      bent[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => openContent(key, { ...envelope, [part]: bent }, place)).toThrow();
    }
  }
  expect(() => openContent(randomBytes(32), envelope, place)).toThrow('authenticate');
});

test('wrapped anew it opens with the new key and no longer with the old one', () => {
  const envelope = sealContent(key, plain, place), next = randomBytes(32);
  const moved = { ...envelope, wrappedKey: rewrapKey(key, next, envelope.wrappedKey, place) };
  expect(openContent(next, moved, place).equals(plain)).toBe(true);
  expect(() => openContent(key, moved, place)).toThrow('authenticate');
});

test('an empty piece is a piece', () => { expect(openContent(key, sealContent(key, Buffer.alloc(0), place), place)).toHaveLength(0); });
