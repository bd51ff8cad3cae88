import { spawn } from 'node:child_process';
import { existsSync, utimesSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHeartbeat } from '../../src/entrypoints/start/heartbeat.js';

function check(role: string, env: Record<string, string> = {}): Promise<number> {
  const child = spawn(process.execPath, ['bin/healthcheck.mjs', role], { stdio: 'ignore', env: { PATH: process.env['PATH'], TMPDIR: tmpdir(), ...env } });
  return new Promise((done) => { child.once('close', (code) => { done(code ?? -1); }); });
}

test('a role without a door is healthy while its database answers, and its file goes with it', async () => {
  const role = `role-${process.pid}`, file = join(tmpdir(), `holdfast-${role}.alive`);
  expect(await check(role)).toBe(1);
  const end = await startHeartbeat(role, async () => 1);
  expect(await check(role)).toBe(0);
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(file, longAgo, longAgo);
  expect(await check(role)).toBe(1);
  end();
  expect(existsSync(file)).toBe(false);
  const silent = await startHeartbeat(role, () => Promise.reject(new Error('the database is away')));
  expect(existsSync(file)).toBe(false);
  silent();
});

test('a role with a door is asked at its port', async () => {
  let status = 200;
  const server: Server = createServer((_request, response) => { response.writeHead(status).end(); });
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done); });
  const port = String((server.address() as AddressInfo).port);
  expect(await check('gateway', { GATEWAY_PORT: port })).toBe(0);
  status = 503;
  expect(await check('console', { CONSOLE_PORT: port })).toBe(1);
  await new Promise((done) => { server.close(done); });
  expect(await check('gateway', { GATEWAY_PORT: port })).toBe(1);
});
