import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { instanceFile, parseConfig } from '../../../src/platform/config/config.js';

test('nothing set gives the documented defaults, and no secret among them', () => {
  const config = parseConfig({ HOLDFAST_HOME: '/nowhere/at/all' });
  expect(config).toMatchObject({ gatewayPort: 4000, consolePort: 4001, bind: '127.0.0.1', timeZone: 'UTC', databaseUrl: undefined, redisUrl: undefined });
  expect(Object.isFrozen(config)).toBe(true);
});

test('an unknown HOLDFAST_ name is refused by name', () => {
  expect(() => parseConfig({ HOLDFAST_HOOME: 'x' })).toThrow(/HOLDFAST_HOOME/);
});

test.each([
  [{ GATEWAY_PORT: 'eighty' }, /GATEWAY_PORT/], [{ GATEWAY_PORT: '70000' }, /GATEWAY_PORT/], [{ DATABASE_URL: 'not a url' }, /DATABASE_URL/],
  [{ DATABASE_URL: 'postgres://a/b', VAULT_DATABASE_URL: 'postgres://c/d' }, /VAULT_DATABASE_URL/], [{ HOLDFAST_TIME_ZONE: 'Mars/Olympus' }, /Mars\/Olympus/], [{ HOLDFAST_LOG_LEVEL: 'loud' }, /HOLDFAST_LOG_LEVEL/],
])('a wrong value names its variable: %p', (env, message) => { expect(() => parseConfig(env)).toThrow(message); });

test('an empty value counts as not set', () => { expect(parseConfig({ GATEWAY_PORT: '' }).gatewayPort).toBe(4000); });

test('a running embedded instance is found through its home, and explicit URLs win over it', () => {
  const home = mkdtempSync(join(tmpdir(), 'holdfast-config-'));
  try {
    mkdirSync(dirname(instanceFile(home)), { recursive: true });
    writeFileSync(instanceFile(home), JSON.stringify({ databaseUrl: 'postgres://a/b', redisUrl: 'redis://c', pid: 1, gatewayUrl: '', consoleUrl: '' }));
    expect(parseConfig({ HOLDFAST_HOME: home })).toMatchObject({ databaseUrl: 'postgres://a/b', redisUrl: 'redis://c' });
    expect(parseConfig({ HOLDFAST_HOME: home, DATABASE_URL: 'postgres://x/y' })).toMatchObject({ databaseUrl: 'postgres://x/y', redisUrl: 'redis://c' });
  } finally { rmSync(home, { recursive: true }); }
});
