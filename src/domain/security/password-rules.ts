// Passwords of people: scrypt (RFC 7914), parameters and salt stored beside the hash so that they can be raised later.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** One of the equal settings OWASP's password storage sheet gives: 32 MB, about 0.2 s of one core. */
const COST = { log2N: 15, r: 8, p: 3 };
const BYTES = 32;

/** `scrypt$log2N$r$p$salt$hash`, base64url; about 0.2 s in the thread pool. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, COST);
  return ['scrypt', COST.log2N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** Whether the password is the one that was hashed. Compares in constant time; the work does not depend on the answer. */
export async function matchesPassword(password: string, stored: string): Promise<boolean> {
  const [, log2N, r, p, salt, hash] = stored.split('$');
  const expected = Buffer.from(hash ?? '', 'base64url');
  const actual = await derive(password, Buffer.from(salt ?? '', 'base64url'), { log2N: Number(log2N), r: Number(r), p: Number(p) });
  return timingSafeEqual(actual, expected);
}

/** A hash nobody has the password of, with the same cost: what a login for an unknown e-mail is compared with. */
export const NOBODY = ['scrypt', COST.log2N, COST.r, COST.p, Buffer.alloc(16).toString('base64url'), randomBytes(BYTES).toString('base64url')].join('$');

/** What is wrong with a new password, or undefined: length alone (NIST SP 800-63B), no composition rules. */
export function passwordProblem(password: string): string | undefined {
  if (password.length < 12) return 'a password has at least 12 characters';
  if (password.length > 512) return 'a password has at most 512 characters';
  return undefined;
}

function derive(password: string, salt: Buffer, cost: { log2N: number; r: number; p: number }): Promise<Buffer> {
  const N = 2 ** cost.log2N;
  // NFC: the same password typed on two keyboards has the same bytes.
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, BYTES, { N, r: cost.r, p: cost.p, maxmem: 256 * N * cost.r }, (error, key) => { if (error) reject(error); else resolve(key); });
  });
}
