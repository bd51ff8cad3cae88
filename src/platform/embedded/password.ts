// The embedded servers' own passwords: random, kept under keys/ in the home, never on a command line.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The password of an embedded server, in a file of mode 0600 made at first use. Only the holder of the home's lock may call this. */
export function passwordOf(home: string, server: 'postgres' | 'redis'): string {
  const file = join(home, 'keys', `${server}.password`);
  mkdirSync(join(home, 'keys'), { recursive: true, mode: 0o700 });
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flush: true });
  return readFileSync(file, 'utf8').trim();
}
