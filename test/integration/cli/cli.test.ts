import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../../src/entrypoints/cli/commands.js';
import { runCli } from '../../../src/entrypoints/cli/cli.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { registryOf } from '../../support/registry.js';

let test_: TestApp;
let env: Record<string, string | undefined>;
let file = '';
beforeAll(async () => {
  test_ = await createTestApp();
  env = { HOLDFAST_HOME: test_.home, DATABASE_URL: test_.databaseUrl, REDIS_URL: process.env['TEST_REDIS_URL'], ACME_KEY: 'acme-secret-1', LOGIN: 'a password of mine' };
  file = join(test_.home, 'gateway.yaml');
  writeFileSync(file, yaml);
  expect((await cli('apply', file)).code).toBe(0);
});
afterAll(async () => { await test_.close(); });
const { audit } = registryOf(() => test_);


const yaml = `version: 1
providers: [{ id: up, name: Up, category: model, legalEntity: Up Ltd, jurisdictions: [US], protocol: openai, baseUrl: "http://127.0.0.1:1" }]
accounts: [{ id: acme, name: Acme, jurisdiction: DE, contact: c }]
keys: [{ account: acme, name: first, secret: { env: ACME_KEY } }]
retention: [{ dataType: security_logs, keep: P12M }]
`;


interface Answer { code: number; out: string; err: string }
async function cli(...argv: string[]): Promise<Answer> {
  let out = '', err = '';
  const code = await runCli(argv, env, { out: (text) => { out += text; }, err: (text) => { err += text; } });
  return { code, out, err };
}
const json = async <T>(...argv: string[]): Promise<T> => {
  const { code, out, err } = await cli(...argv, '--json');
  if (code !== 0) throw new Error(`exit ${code}: ${err}`);
  return JSON.parse(out) as T;
};
const idIn = (text: string): string => /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(text)?.[0] ?? '';

test.each(COMMANDS.map((command) => [command.name, command] as const))('holdfast %s --help tells usage, options and an example', async (name, command) => {
  const { code, out } = await cli(...name.split(' '), '--help');
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`^Usage: holdfast ${name}\\b`));
  for (const option of ['json', 'help', ...Object.keys(command.options ?? {})]) expect(out).toContain(`--${option}`);
  expect(out).toContain(`Example:\n  ${command.example}`);
  expect(command.example).toContain(`holdfast ${name}`);
});

test('the commands of the interface are all there', () => {
  const named = new Set(COMMANDS.map((command) => command.name.split(' ')[0]));
  expect(['migrate', 'apply', 'lookup', 'pack', 'verify', 'purge', 'hold', 'key', 'operator', 'token', 'provider'].filter((name) => !named.has(name))).toEqual([]);
});

test.each(COMMANDS.map((command) => command.name))('holdfast %s refuses an unknown option with exit code 2 and one line', async (name) => {
  const { code, out, err } = await cli(...name.split(' '), '--nonsense');
  expect({ code, out, lines: err.trim().split('\n').length }).toEqual({ code: 2, out: '', lines: 1 });
  expect(err).toContain(`holdfast ${name} --help`);
});

test.each([
  [['nonsense'], /no command "nonsense"/], [['key', 'nonsense'], /there are issue, revoke, list/], [['key', 'issue'], /--account is missing/], [['key', 'revoke', '--reason', 'x'], /KEY_ID is missing/],
  [['lookup', 'a', 'b'], /"b" is one argument too many/], [['purge', 'plan', 'everything'], /is none of account_information/], [['operator', 'create', '--email', 'a@b.c', '--name', 'A', '--role', 'king'], /"king" is none of/],
  [['key', 'issue', '--account', 'acme', '--name', 'x', '--secret-env', 'NOT_SET'], /NOT_SET is not set/], [['lookup', 'x', '--purpose', 'curiosity'], /"curiosity" is none of/],
])('wrong usage is one line and exit code 2: %p', async (argv, message) => {
  const { code, err } = await cli(...argv);
  expect({ code, lines: err.trim().split('\n').length }).toEqual({ code: 2, lines: 1 });
  expect(err).toMatch(message);
});

test('help lists every command; no command at all is wrong usage', async () => {
  const { code, out } = await cli('--help');
  expect(code).toBe(0);
  for (const command of COMMANDS) expect(out).toContain(`  ${command.name} `);
  expect(await cli()).toMatchObject({ code: 2, out: '' });
  expect(await cli('key')).toMatchObject({ code: 2 });
  expect(await cli('key', '--help')).toMatchObject({ code: 0, out: expect.stringContaining('key revoke') as string });
});

test('a failure is one line on stderr, exit code 1, and JSON where it was asked for', async () => {
  expect(await cli('lookup', 'nobody-knows')).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^holdfast: no call on record.*\n$/) as string });
  const { code, out } = await cli('key', 'revoke', 'no-such-key', '--reason', 'x', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toEqual({ error: { code: 'not_found', message: 'there is no key no-such-key' } });
});

test('without a database, with a dead one, and with one that has no schema, the line says what to do', async () => {
  const kept = env;
  try {
    env = { HOLDFAST_HOME: join(test_.home, 'nowhere') };
    expect(await cli('key', 'list')).toMatchObject({ code: 1, err: expect.stringContaining('set DATABASE_URL') as string });
    env = { ...kept, DATABASE_URL: 'postgres://holdfast:geheim@127.0.0.1:1/x' };
    const dead = await cli('key', 'list');
    expect(dead).toMatchObject({ code: 1, err: expect.stringContaining('does not answer') as string });
    expect(dead.err).not.toContain('geheim');
    const bare = new URL(process.env['TEST_POSTGRES_URL']!);
    bare.pathname = '/postgres';
    env = { ...kept, DATABASE_URL: bare.toString() };
    expect(await cli('key', 'list')).toMatchObject({ code: 1, err: expect.stringContaining('holdfast migrate') as string });
  } finally { env = kept; }
});

test('migrating a migrated database does nothing', async () => { expect(await json('migrate')).toEqual({ migrations: [] }); });

test('apply prints what changed and nothing the second time; a bad file exits with 1 and lists its problems', async () => {
  writeFileSync(file, yaml.replace('name: Acme', 'name: Acme AG'));
  expect((await cli('apply', file)).out).toMatch(/^changed {4}account {7}acme\n.*: 0 created, 1 changed, 3 unchanged\n$/);
  expect((await cli('apply', file)).out).toMatch(/^[^\n]*: 0 created, 0 changed, 4 unchanged\n$/);
  writeFileSync(file, yaml.replace('jurisdiction: DE', 'jurisdiction: Germany').replace('keep: P12M', 'keep: P1D'));
  const bad = await cli('apply', file);
  expect(bad).toMatchObject({ code: 1, out: '' });
  expect(bad.err.trim().split('\n')).toEqual([expect.stringMatching(/:3:\d+ accounts\[0\]\.jurisdiction: /), expect.stringMatching(/:5:\d+ retention\[0\]\.keep: /), expect.stringContaining('2 problems; nothing was changed')]);
  const { out } = await cli('apply', file, '--json');
  expect(JSON.parse(out)).toMatchObject({ applied: false, problems: [{ line: 3, field: 'accounts[0].jurisdiction' }, { line: 5, field: 'retention[0].keep' }] });
  expect(await cli('apply', join(test_.home, 'nothere.yaml'))).toMatchObject({ code: 1, err: expect.stringContaining('cannot be read (ENOENT)') as string });
  writeFileSync(file, Buffer.from([0xff, 0xfe, 0x00]));
  expect(await cli('apply', file)).toMatchObject({ code: 1, err: expect.stringContaining('not UTF-8') as string });
});

test('a dry run through the door changes nothing', async () => {
  writeFileSync(file, yaml.replace('name: Acme', 'name: Other'));
  expect((await cli('apply', file, '--dry-run')).out).toContain('nothing was changed (dry run); it would be: 0 created, 1 changed');
  expect((await test_.app.billing.findAccount('acme'))?.name).not.toBe('Other');
});

test('keys: issued with a secret that is told once, listed without it, revoked', async () => {
  const issued = await json<{ key_id: string; secret: string }>('key', 'issue', '--account', 'acme', '--name', 'second');
  expect(issued.secret).toMatch(/^hfk_/);
  const list = await cli('key', 'list', '--account', 'acme');
  expect(list.out).toContain(`…${issued.secret.slice(-4)}`);
  expect(list.out).not.toContain(issued.secret);
  expect((await cli('key', 'revoke', issued.key_id, '--reason', 'test')).out).toContain('is revoked');
  expect(await json('key', 'revoke', issued.key_id, '--reason', 'test')).toEqual({ key_id: issued.key_id, changed: false });
  const given = await cli('key', 'issue', '--account', 'acme', '--name', 'third', '--secret-env', 'LOGIN');
  expect(given).toMatchObject({ code: 1 });
  expect(given.err + given.out).not.toContain('a password of mine');
});

test('operators: created, found by e-mail, disabled, enabled, given another password', async () => {
  const made = await json<{ operator_id: string; password: string }>('operator', 'create', '--email', 'Ada@example.test', '--name', 'Ada', '--role', 'auditor', '--role', 'approver');
  const login = (password: string) => test_.app.security.verifyLogin({ email: 'ada@example.test', password, address: '::1' });
  expect(await login(made.password)).toMatchObject({ id: made.operator_id, roles: ['auditor', 'approver'] });
  expect((await cli('operator', 'disable', 'ADA@example.test', '--reason', 'leave')).out).toContain('is disabled');
  expect((await cli('operator', 'disable', made.operator_id, '--reason', 'leave')).out).toContain('was disabled before');
  expect((await cli('operator', 'enable', made.operator_id, '--reason', 'back')).code).toBe(0);
  const reset = await cli('operator', 'reset-password', 'ada@example.test', '--password-env', 'LOGIN');
  expect(reset.out).not.toContain('a password of mine');
  expect(await login('a password of mine')).toMatchObject({ id: made.operator_id });
  expect((await cli('operator', 'list')).out).toMatch(/ada@example\.test.*auditor, approver/);
  expect(await cli('operator', 'disable', 'nobody@example.test', '--reason', 'x')).toMatchObject({ code: 1 });
});

test('tokens: issued, listed, revoked', async () => {
  const issued = await json<{ token_id: string; secret: string }>('token', 'issue', '--name', 'ci', '--role', 'auditor');
  expect(await test_.app.security.authenticateToken(issued.secret)).toMatchObject({ roles: ['auditor'] });
  expect((await cli('token', 'list')).out).not.toContain(issued.secret);
  await json('token', 'revoke', issued.token_id, '--reason', 'done');
  expect(await test_.app.security.authenticateToken(issued.secret)).toBeUndefined();
});

test('providers: suspended and resumed with a reason', async () => {
  expect((await cli('provider', 'suspend', 'up', '--reason', 'incident')).out).toBe('up is suspended\n');
  expect((await cli('provider', 'list')).out).toMatch(/^up .*suspended$/m);
  expect(await json('provider', 'resume', 'up', '--reason', 'over')).toEqual({ provider_id: 'up', changed: true, status: 'active' });
});

test('holds: placed, listed, released', async () => {
  const placed = await json<{ hold_id: string }>('hold', 'place', '--account', 'acme', '--matter', 'M 1', '--requester', 'court', '--basis', 'order', '--review-on', '2030-01-01', '--data-type', 'api_call_metadata');
  expect((await cli('hold', 'list', '--account', 'acme')).out).toMatch(/acme +- +api_call_metadata +M 1/);
  expect((await cli('hold', 'release', placed.hold_id, '--reason', 'settled')).out).toContain('in force until a second person approves');
  expect((await cli('hold', 'count', placed.hold_id)).out).toMatch(/api_call_metadata +calls +\d+/);
  expect((await cli('hold', 'extend', placed.hold_id, '--every-data-type', '--reason', 'more')).out).toContain('extended');
  expect((await cli('approval', 'list')).out).toContain(placed.hold_id);
  const [asked] = await test_.app.security.approvals({ state: 'pending' });
  expect((await cli('approval', 'show', asked!.approvalId)).out).toContain(asked!.digest);
  expect((await cli('approval', 'withdraw', asked!.approvalId, '--reason', 'not yet')).out).toContain('withdrawn');
});

test('purges: previewed, planned and run by data type, listed', async () => {
  expect((await cli('purge', 'preview', 'security_logs')).out).toContain('P12M');
  const ran = await cli('purge', 'run', 'security_logs');
  expect(ran).toMatchObject({ code: 0, out: expect.stringMatching(/nothing_due|certified/) as string });
  expect((await cli('purge', 'list')).out).toContain(idIn(ran.out));
  expect(await cli('purge', 'run', '01999d5e-7b3c-7000-8000-000000000000')).toMatchObject({ code: 1 });
  expect(await cli('purge', 'certificate', idIn(ran.out))).toMatchObject({ code: 1, err: expect.stringContaining('has no certificate') as string });
});

test('verify of an untouched database exits with 0, is on record, and tells a changed record with 3', async () => {
  await test_.app.ledger.sealOnce();
  expect(await cli('verify')).toMatchObject({ code: 0, out: expect.stringMatching(/^verdict +intact/) as string });
  expect((await audit()).at(-1)).toMatchObject({ action: 'ledger.verify', after: { intact: true } });
  await test_.app.database.pool.query(`ALTER TABLE audit_records DISABLE TRIGGER audit_records_append_only`);
  await test_.app.database.pool.query(`UPDATE audit_records SET reason = 'another' WHERE action = 'provider.suspend'`);
  const changed = await cli('verify');
  expect(changed).toMatchObject({ code: 3, out: expect.stringMatching(/NOT intact/) as string });
  expect(changed.out).toContain('audit_records');
  expect(JSON.parse((await cli('verify', '--json')).out)).toMatchObject({ intact: false });
});

test('what a command does is on record as done by the user of this machine', async () => {
  const { rows } = await test_.app.database.reader.query(`SELECT DISTINCT actor_kind, actor_name FROM audit_records WHERE action LIKE 'token.%'`);
  expect(rows).toEqual([{ actor_kind: 'cli', actor_name: expect.stringMatching(/^cli:.+/) as string }]);
});

test('no secret that was given or made stands in a record', async () => {
  expect(JSON.stringify(await audit())).not.toMatch(/hfk_|hft_|a password of mine|acme-secret/);
});
