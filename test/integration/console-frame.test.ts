// What stands in front of AdminJS. Each hole of AdminJS that is closed here has a test that fails when the guard is taken away.
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secureHtml } from '../../src/entrypoints/console/security/secure-html.js';
import { SESSION_MS } from '../../src/entrypoints/console/security/session.js';
import { fixedClock } from '../../src/kernel/clock.js';
import { consoleBundleFolder } from '../../src/platform/config/adminjs-environment.js';
import { OWN, PASSWORD, startTestConsole, type Client, type TestConsole } from '../support/console.js';

let console_: TestConsole, officer: Client;
beforeAll(async () => { console_ = await startTestConsole(); officer = await console_.signIn('compliance_officer'); });
afterAll(async () => { await console_.close(); });
const sessions = async (): Promise<{ sid: string; expire: Date }[]> => (await console_.app.database.reader.query('SELECT sid, expire FROM console_sessions')).rows as never;
const frame = { nonce: 'n0nce', language: 'en', assetVersion: 'v1', assetPath: '/console/' };

test('a stranger is sent to the login, and the page scripts get 401', async () => {
  const stranger = console_.stranger();
  const page = await stranger.get('/resources/accounts');
  expect([page.status, page.headers.get('location')]).toEqual([303, '/console/login?next=%2Fconsole%2Fresources%2Faccounts']);
  for (const path of ['/api/resources/accounts/actions/list', '/api/dashboard', '/api/pages/purge']) expect((await stranger.get(path)).status).toBe(401);
  expect((await stranger.post('/api/pages/lookup', { id: 'x', purpose: 'billing' })).status).toBe(401);
  expect((await stranger.get('/download/packs/00000000-0000-7000-8000-000000000000')).status).toBe(303);
});

test('the login keeps no session before it succeeds, and starts one under a new id', async () => {
  const client = console_.stranger();
  await console_.addOperator('new-id@holdfast.test', 'auditor');
  await client.get('/login');
  expect(client.cookie).toBe('');
  await console_.login(client, 'new-id@holdfast.test');
  const planted = client.cookie;
  expect((await console_.login(client, 'new-id@holdfast.test')).status).toBe(303);
  expect(client.cookie).not.toBe(planted);
  const before = console_.stranger();
  before.cookie = planted;
  expect((await before.get('/api/dashboard')).status).toBe(401);
  expect((await client.get('/api/dashboard')).status).toBe(200);
});

test('the cookie is for this path alone, strict, out of reach of scripts, and ends after twelve hours', async () => {
  const client = console_.stranger();
  await console_.addOperator('cookie@holdfast.test', 'auditor');
  const answer = await console_.login(client, 'cookie@holdfast.test');
  const [line = ''] = answer.headers.getSetCookie();
  expect(line).toMatch(/^holdfast_[0-9a-f]{8}=/);
  for (const part of ['Path=/console', 'HttpOnly', 'SameSite=Strict']) expect(line).toContain(part);
  expect(line).not.toContain('Secure');
  const expires = Date.parse(/Expires=([^;]+)/.exec(line)![1]!);
  expect(Math.abs(expires - Date.now() - SESSION_MS)).toBeLessThan(60_000);
});

test('a wrong password says the same as an unknown person, keeps the e-mail, and is escaped', async () => {
  await console_.addOperator('known@holdfast.test', 'auditor');
  const [wrong, unknown] = [await console_.login(console_.stranger(), 'known@holdfast.test', 'wrong'), await console_.login(console_.stranger(), '"><script>alert(1)</script>@x', 'wrong')];
  expect([wrong.status, unknown.status]).toEqual([401, 401]);
  const alertOf = (html: string): string | undefined => /role="alert">([^<]+)</.exec(html)?.[1];
  expect(alertOf(wrong.text)).toBe(alertOf(unknown.text));
  expect(alertOf(wrong.text)).toContain('15 minutes');
  expect(wrong.text).toContain('value="known@holdfast.test"');
  expect(unknown.text).not.toContain('<script');
});

test('after the login one goes where one wanted to go, but never off the console', async () => {
  await console_.addOperator('next@holdfast.test', 'auditor');
  const to = async (next: string): Promise<string | null> => (await console_.login(console_.stranger(), 'next@holdfast.test', PASSWORD, next)).headers.get('location');
  expect(await to('/console/pages/lookup?id=abc')).toBe('/console/pages/lookup?id=abc');
  for (const bad of ['//evil.test', 'https://evil.test', '/console//evil.test', '/console@evil.test', '/consolex', '/console/\\evil.test', '/other']) expect(await to(bad)).toBe('/console');
});

test('twenty failures from one address close the login for a while, in words and status', async () => {
  const limited = await startTestConsole();
  try {
    const statuses: number[] = [];
    for (let n = 0; n < 21; n += 1) statuses.push((await limited.login(limited.stranger(), `n${n}@holdfast.test`, 'wrong')).status);
    expect(statuses).toEqual([...Array<number>(20).fill(401), 429]);
    expect((await limited.login(limited.stranger(), 'again@holdfast.test', 'wrong')).text).toContain('Try again in 15 minutes');
  } finally { await limited.close(); }
});

test('a GET does not sign out, a POST does', async () => {
  const client = await console_.signIn('auditor');
  expect((await client.get('/logout')).status).toBe(303);
  expect((await client.get('/api/dashboard')).status).toBe(200);
  const cookie = client.cookie;
  expect((await client.send('POST', '/logout', { headers: OWN })).headers.get('location')).toBe('/console/login');
  client.cookie = cookie;
  expect((await client.get('/api/dashboard')).status).toBe(401);
});

test('a session ends twelve hours after the login, however much it is used', async () => {
  const clock = fixedClock(new Date()), own = await startTestConsole({ clock });
  try {
    const client = await own.signIn('auditor');
    clock.advance(SESSION_MS - 1_000);
    expect((await client.get('/api/dashboard')).status).toBe(200);
    clock.advance(2_000);
    expect((await client.get('/api/dashboard')).status).toBe(401);
    expect((await own.app.database.reader.query('SELECT 1 FROM console_sessions')).rows).toEqual([]);
  } finally { await own.close(); }
});

test('taking a role or disabling an operator counts from the next request', async () => {
  const client = console_.stranger(), id = await console_.addOperator('leaves@holdfast.test', 'compliance_officer');
  await console_.login(client, 'leaves@holdfast.test');
  expect((await client.get('/api/resources/policies/actions/list')).status).toBe(200);
  const system = { kind: 'system', id: 'test', name: 'test', roles: [] } as const;
  await console_.app.act(system, (tx) => console_.app.security.setRoles(tx, id, ['administrator'], 'moved to another team'));
  expect((await client.get('/api/resources/operators/actions/list')).status).toBe(200);
  expect((await client.get('/api/resources/calls/actions/list?purpose=billing')).status).toBe(403);
  await console_.app.act(system, (tx) => console_.app.security.disableOperator(tx, id, 'left the company'));
  expect((await client.get('/api/resources/operators/actions/list')).status).toBe(401);
});

test('what reaches the browser of the operator is id, name, e-mail and roles, and nothing else', async () => {
  const client = await console_.signIn('auditor');
  const html = (await client.get('')).text;
  const state = JSON.parse(/window\.REDUX_STATE = (.*);\n/.exec(html)![1]!) as { session: object };
  expect(Object.keys(state.session).sort()).toEqual(['email', 'id', 'name', 'roles']);
  const { rows } = await console_.app.database.reader.query<{ sess: { adminUser?: object } }>('SELECT sess FROM console_sessions');
  for (const { sess } of rows) expect(Object.keys(sess.adminUser ?? {}).sort()).toEqual(['email', 'id', 'name', 'roles']);
});

test.each([
  ['another site', { 'sec-fetch-site': 'cross-site' }], ['a sibling host', { 'sec-fetch-site': 'same-site' }], ['no page at all', {}],
  ['another origin', { origin: 'https://evil.test' }], ['an origin that is hidden', { origin: 'null' }], ['a lying origin', { 'sec-fetch-site': 'cross-site', origin: 'SELF' }],
] as [string, Record<string, string>][])('a change that comes from %s is refused', async (_, headers) => {
  const client = officer;
  const real = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value === 'SELF' ? console_.url : value]));
  expect((await client.post('/api/pages/lookup', { id: 'x', purpose: 'billing' }, real)).status).toBe(403);
  expect((await client.send('POST', '/login', { headers: { ...real, 'content-type': 'application/x-www-form-urlencoded' }, body: 'email=a&password=b' })).status).toBe(403);
});

test('a change from our own page passes, by Sec-Fetch-Site or by Origin', async () => {
  for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { origin: console_.url }] as Record<string, string>[]) expect((await officer.post('/api/pages/lookup', { id: 'x', purpose: 'billing' }, headers)).status).toBe(404);
});

test('uploads are refused before the login and after it, and nothing is written to disk', async () => {
  const boundary = 'xxxx', part = `--${boundary}\r\nContent-Disposition: form-data; name="f"; filename="f.bin"\r\n\r\n${'a'.repeat(2_000)}\r\n--${boundary}--\r\n`,
    before = readdirSync(tmpdir()).filter((name) => name.startsWith('upload_'));
  for (const client of [console_.stranger(), officer]) {
    for (const path of ['/login', '/api/pages/lookup', '/api/resources/accounts/actions/open']) {
      expect((await client.send('POST', path, { headers: { ...OWN, 'content-type': `multipart/form-data; boundary=${boundary}` }, body: part })).status).toBe(415);
      expect((await client.send('POST', path, { headers: { ...OWN, 'content-type': 'application/octet-stream' }, body: 'aaa' })).status).toBe(415);
    }
    expect((await client.send('POST', '/api/pages/lookup', { headers: { ...OWN, 'content-type': 'application/json' }, body: JSON.stringify({ id: 'a'.repeat(70_000) }) })).status).toBe(413);
  }
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('upload_'))).toEqual(before);
});

test('a form that AdminJS would parse with its upload parser arrives empty instead', async () => {
  const answer = await officer.send('POST', '/api/pages/lookup', { headers: { ...OWN, 'content-type': 'application/x-www-form-urlencoded' }, body: 'id=x&purpose=billing' });
  expect([answer.status, answer.json<{ error: { field: string } }>().error.field]).toEqual([400, 'id']);
});

test('every page forbids what is not ours, and every nonce is new', async () => {
  const client = officer;
  const pages = [await client.get('/login'), await client.get(''), await client.get('/resources/providers')].filter((page) => page.status === 200);
  expect(pages).toHaveLength(2);
  const nonces = pages.map((page) => {
    const policy = page.headers.get('content-security-policy')!;
    expect(policy).toMatch(/^default-src 'none';script-src 'self' 'nonce-[^']+';style-src 'self' 'nonce-[^']+' 'sha256-47DEQpj8HBSa\+\/TImW\+5JCeuQeRkm5NMpJWZG3hSuFU=';/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.headers.get('referrer-policy')).toBe('same-origin');
    expect(page.headers.get('cache-control')).toBe('no-store');
    return /nonce-([^']+)/.exec(policy)![1];
  });
  expect(new Set(nonces).size).toBe(2);
});

test('no page names an outside host', async () => {
  const client = officer;
  for (const path of ['', '/resources/accounts', '/pages/lookup']) {
    const html = (await client.get(path)).text;
    expect(html).toContain('<div id="app"');
    expect(html.match(/(?:src|href)="https?:[^"]*"/g)).toBeNull();
    expect(html).not.toContain('fonts.googleapis');
  }
});

test('a name that closes the script is shown as text, and no nonce blesses it', async () => {
  const id = await console_.addOperator('script@holdfast.test', 'auditor');
  await console_.app.database.pool.query('UPDATE operators SET name = $2 WHERE operator_id = $1', [id, '</script><script>alert(1)</script><!--']);
  const client = console_.stranger();
  await console_.login(client, 'script@holdfast.test');
  const html = (await client.get('')).text;
  expect(html).not.toContain('</script><script>alert(1)');
  expect(html).not.toMatch(/<script nonce="[^"]*">alert/);
  const state = JSON.parse(/window\.REDUX_STATE = (.*);\n/.exec(html)![1]!) as { session: { name: string } };
  expect(state.session.name).toBe('</script><script>alert(1)</script><!--');
});

test('a page whose template is not the one we know is not sent at all', () => {
  expect(() => secureHtml('<!DOCTYPE html><html><script>window.STATE = 1;</script></html>', frame)).toThrow('template');
});

test('scripts come compressed, unchanged for a year under their version, and from a folder behind a dot too', async () => {
  const client = officer;
  const html = (await client.get('')).text;
  const [, path, version] = /src="\/console(\/frontend\/assets\/components\.bundle\.js)\?v=([0-9a-f]+)"/.exec(html)!;
  const asset = await client.get(`${path}?v=${version}`, { 'accept-encoding': 'gzip' });
  expect([asset.status, asset.headers.get('content-encoding'), asset.headers.get('cache-control')]).toEqual([200, 'gzip', 'public, max-age=31536000, immutable']);
  expect((await client.get(path!)).headers.get('cache-control')).toBe('no-cache');
  expect((await client.get(path!, { 'if-none-match': asset.headers.get('etag')! })).status).toBe(304);
  const dotted = mkdtempSync(join(tmpdir(), '.holdfast-'));
  cpSync(consoleBundleFolder(), join(dotted, 'bundle'), { recursive: true });
  const own = await startTestConsole({ bundleFolder: join(dotted, 'bundle') });
  try { expect((await own.stranger().get(path!)).status).toBe(200); } finally { await own.close(); rmSync(dotted, { recursive: true, force: true }); }
});

test('a console without its bundle does not start, and says what to do', async () => {
  await expect(startTestConsole({ bundleFolder: join(tmpdir(), 'no-such-bundle') })).rejects.toThrow(/bundle\.js is missing; run the build/);
});

test('behind https the cookie is marked secure and transport security is announced', async () => {
  const own = await startTestConsole({ env: { HOLDFAST_PUBLIC_URL: 'https://console.example.test' } });
  try {
    await own.addOperator('https@holdfast.test', 'auditor');
    const client = own.stranger(), answer = await own.login(client, 'https@holdfast.test');
    expect(answer.headers.getSetCookie()[0]).toContain('; Secure');
    expect(answer.headers.get('strict-transport-security')).toContain('max-age=');
    expect((await client.get('/api/dashboard')).status).toBe(200);
    expect((await client.post('/api/nowhere', {}, { origin: 'https://console.example.test' })).status).toBe(404);
  } finally { await own.close(); }
});

test('a link from outside comes again from our own page, so that the strict cookie comes along', async () => {
  const answer = await console_.stranger().get('/pages/lookup?id=x', { 'sec-fetch-site': 'cross-site' });
  expect([answer.status, answer.text.includes('http-equiv="refresh"')]).toEqual([200, true]);
});

test('the login page speaks the language of the browser, remembers a choice, and needs no script', async () => {
  const stranger = console_.stranger();
  const chinese = await stranger.get('/login', { 'accept-language': 'zh-CN,zh;q=0.9' });
  expect(chinese.text).toContain('<html lang="zh-CN">');
  expect(chinese.text).toContain('登录');
  expect(chinese.text).not.toContain('<script');
  expect((await stranger.get('/login', { 'accept-language': 'de' })).text).toContain('<html lang="en">');
  await stranger.get('/language?to=zh-CN&next=/console/login');
  expect((await stranger.get('/login', { 'accept-language': 'en' })).text).toContain('<html lang="zh-CN">');
});

test('expired sessions go with the next login', async () => {
  await console_.app.database.pool.query("INSERT INTO console_sessions VALUES ('old', '{}', now() - interval '1 minute')");
  await console_.signIn('auditor');
  expect((await sessions()).map((row) => row.sid)).not.toContain('old');
});
