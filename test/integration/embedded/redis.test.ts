import { mkdtempSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedRedis } from '../../../src/platform/embedded/redis.js';
import { redisCaches } from '../../../src/platform/embedded/redis-binaries.js';

const home = mkdtempSync(join(tmpdir(), 'holdfast-redis-'));
afterAll(() => { rmSync(home, { recursive: true }); });

function ask(url: string, ...commands: string[]): Promise<string> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = createConnection(Number(port), '127.0.0.1', () => { socket.write(`${[...commands, 'QUIT'].join('\r\n')}\r\n`); });
    socket.on('data', (bytes) => { answer += bytes.toString(); });
    socket.on('close', () => { resolve(answer); });
    socket.on('error', reject);
  });
}

test('the server wants its password, keeps everything, and answers again after a restart', async () => {
  const first = await startEmbeddedRedis({ home, path: process.env['PATH'] ?? '' });
  const login = `AUTH ${new URL(first.url).password}`;
  expect(await ask(first.url, 'PING')).toContain('-NOAUTH');
  expect(await ask(first.url, login, 'CONFIG GET maxmemory-policy', 'CONFIG GET appendonly')).toMatch(/noeviction[\s\S]*yes/);
  await ask(first.url, login, 'SET kept 1');
  await first.stop();
  const second = await startEmbeddedRedis({ home, path: process.env['PATH'] ?? '' });
  expect(second.url).toBe(first.url);
  expect(await ask(second.url, login, 'GET kept')).toContain('$1\r\n1');
  await second.stop();
  expect(statSync(join(home, 'redis')).mode & 0o777).toBe(0o700);
  expect(statSync(join(home, 'redis', 'redis.conf')).mode & 0o777).toBe(0o600);
});

// Debian and Ubuntu. The download is kept in the user's cache, so only the first run on a machine needs the package mirror.
test("without a server on PATH the distribution's package is unpacked and run", async () => {
  const server = await startEmbeddedRedis({ home, path: '' });
  expect(await ask(server.url, `AUTH ${new URL(server.url).password}`, 'PING')).toContain('+PONG');
  const program = readlinkSync(`/proc/${server.pid}/exe`);
  expect(redisCaches(home).some((cache) => program.startsWith(join(cache, 'redis')))).toBe(true);
  await server.stop();
});

test('where there is neither a server nor a package manager, one line names the command that helps', async () => {
  const { findRedis } = await import('../../../src/platform/embedded/redis-binaries.js');
  await expect(findRedis('', ['/dev/null'], undefined)).rejects.toThrow(/^no Redis server was found; install one \(Debian, Ubuntu: apt-get install redis-server/);
});
