// Secrets of machines: 256 random bits, stored as SHA-256 only. No salt or stretching: there is nothing to guess in 256 bits.
import { randomBytes } from 'node:crypto';
import { sha256 } from '../../kernel/digest.js';

/** What the database keeps of a key or token; 32 bytes. */
export function hashSecret(secret: string): Buffer { return sha256(secret); }

/** A new secret: prefix `hfk_` (API key) or `hft_` (API token) and 43 base64url characters. */
export function newSecret(prefix: 'hfk_' | 'hft_'): string { return `${prefix}${randomBytes(32).toString('base64url')}`; }

/** The last four characters, so that people tell keys apart; none of a short secret, where four would give away too much. */
export function hintOf(secret: string): string { return secret.length >= 16 ? secret.slice(-4) : ''; }

/** Whether a secret that was brought along can travel in a header and is not trivially short: 8 to 256 visible ASCII characters. */
export function isUsableSecret(secret: string): boolean { return /^[\x21-\x7e]{8,256}$/.test(secret); }
