// What the console shows and what it never shows: read models, filters, sorting, counts, permissions, secrets.
import { DEFINITIONS } from '../../src/entrypoints/console/resources/index.js';
import { countRows, listRows, OFFSET_CAP } from '../../src/entrypoints/console/views/read-model.view.js';
import { calls } from '../../src/entrypoints/console/views/calls.view.js';
import { RECORD_TABLES } from '../../src/domain/ledger/index.js';
import { PERMISSIONS_OF } from '../../src/domain/security/index.js';
import { ROLES } from '../../src/kernel/actor.js';
import { startTestConsole, type Client, type TestConsole } from '../support/console.js';
import { makeWorld, type World } from '../support/console-world.js';

let console_: TestConsole, world: World, officer: Client, administrator: Client;
beforeAll(async () => {
  console_ = await startTestConsole();
  world = await makeWorld(console_.app, { calls: 12 });
  officer = await console_.signIn('compliance_officer');
  administrator = await console_.signIn('administrator');
});
afterAll(async () => { await console_.close(); });

interface List { readonly meta: { readonly total: number }; readonly records: readonly { readonly id: string; readonly params: Record<string, unknown> }[] }
const list = async (resource: string, query = '', client = officer): Promise<List> => {
  const answer = await client.get(`/api/resources/${resource}/actions/list?purpose=security_audit&${query}`);
  if (answer.status !== 200) throw new Error(`${resource} ${query}: ${answer.status} ${answer.text.slice(0, 200)}`);
  return answer.json<List>();
};
const idsOf = (answer: List): string[] => answer.records.map((record) => record.id);

test('no list and no record says a secret, by name or by value', async () => {
  const forbidden = /secret_hash|password_hash|credential_sealed|"salt"|batch_position|"sid"/;
  const values = [world.keySecret, world.providerSecret];
  const { rows } = await console_.app.database.reader.query<{ value: string }>(`SELECT encode(secret_hash, 'hex') AS value FROM api_keys UNION ALL SELECT password_hash FROM operators
    UNION ALL SELECT encode(credential_sealed, 'hex') FROM providers WHERE credential_sealed IS NOT NULL UNION ALL SELECT encode(salt, 'hex') FROM audit_records UNION ALL SELECT encode(salt, 'hex') FROM calls`);
  values.push(...rows.map((row) => row.value));
  expect(values.length).toBeGreaterThan(20);
  let seen = 0;
  for (const client of [officer, administrator]) for (const { model, recordsOn, read } of DEFINITIONS) {
    if (client === administrator && !PERMISSIONS_OF.administrator.includes(read)) continue;
    if (client === officer && !PERMISSIONS_OF.compliance_officer.includes(read)) continue;
    const answer = await client.get(`/api/resources/${model.id}/actions/list?purpose=security_audit`), texts = [answer.text];
    const [first] = answer.json<List>().records;
    if (first && !recordsOn) texts.push((await client.get(`/api/resources/${model.id}/records/${first.id}/show?purpose=security_audit`)).text);
    for (const text of texts) {
      seen += 1;
      expect(text).not.toMatch(forbidden);
      for (const value of values) expect(text).not.toContain(value);
    }
  }
  expect(seen).toBeGreaterThan(40);
  const page = (await officer.get('')).text;
  for (const value of values) expect(page).not.toContain(value);
});

test('a column that holds bytes cannot be shown, whatever a read model says', async () => {
  const context = { reader: console_.app.database.reader, timeZone: 'UTC', shownSql: () => Promise.resolve(undefined) };
  const careless = { ...calls, columns: [...calls.columns, { name: 'salt', kind: 'text' as const }] };
  await expect(listRows(context, careless, {}, { limit: 1, offset: 0 })).rejects.toThrow('bytes');
});

test('every record table that people read has a list, and every list names its columns in both languages', async () => {
  const { wordsOf } = await import('../../src/entrypoints/console/i18n/locale.js');
  expect(DEFINITIONS.map((definition) => definition.model.id).sort()).toEqual(['accounts', 'approvals', 'audit', 'availability', 'calls', 'certificates', 'confirmations', 'content_grants', 'disclosures', 'disputes', 'erasures', 'holds', 'invoices', 'keys', 'lawful_requests', 'operators', 'packs', 'payments', 'policies', 'prices', 'providers', 'purge_runs', 'redaction', 'security_events', 'subject_requests', 'transfers']);
  expect(Object.keys(RECORD_TABLES)).toContain('calls');
  for (const language of ['en', 'zh-CN'] as const) {
    const words = wordsOf(language), missing: string[] = [];
    const need = (key: string): void => { if (!words[key]) missing.push(key); };
    for (const { model, group, actions = [] } of DEFINITIONS) {
      need(`labels.${model.id}`); need(`subtitle.${model.id}`); need(`group.${group}`);
      const columns = [...model.columns, ...(model.sections ?? []).flatMap((section) => section.columns)];
      for (const { name, values } of columns) {
        if (!words[`resources.${model.id}.help.${name}`]) need(`help.${name}`);
        if (!words[`resources.${model.id}.properties.${name}`]) need(`properties.${name}`);
        for (const value of values ?? []) need(`value.${value}`);
      }
      for (const section of model.sections ?? []) need(`section.${section.name}`);
      for (const action of actions) {
        for (const part of ['label', 'ask', 'done']) need(`action.${model.id}.${action.name}.${part}`);
        for (const field of action.fields) { need(`field.${field.name}`); for (const value of field.values ?? []) need(`value.${value}`); }
      }
    }
    expect(missing).toEqual([]);
  }
});

test('a filter that cannot be meant matches nothing; it never shows everything', async () => {
  expect((await list('calls')).records.length).toBe(12);
  for (const query of ['filters.request_id=abc', "filters.request_id=' OR 1=1 --", 'filters.key_id=1', 'filters.status=nonsense', 'filters.at~~from=yesterday', 'filters.at~~from=2026-13-40',
    'filters.cost_micros=1', 'filters.salt=x', 'filters.batch_id=00000000-0000-7000-8000-000000000000', 'filters.nothing=1', 'filters.at=2026-01-01']) {
    const answer = await list('calls', encodeURI(query).replace(/'/g, '%27'));
    expect([query, answer.records.length, answer.meta.total]).toEqual([query, 0, 0]);
  }
  expect((await list('accounts', 'filters.name=%25')).records).toEqual([]);
  expect((await list('providers', 'filters.secret_hash=x')).records).toEqual([]);
});

test('filters find what they say: exact ids, closed sets, parts of names, members of lists, days', async () => {
  expect(idsOf(await list('calls', `filters.request_id=${world.calls[3]}`))).toEqual([world.calls[3]]);
  expect(idsOf(await list('calls', 'filters.upstream_request_id=chatcmpl-world-2'))).toEqual([world.calls[2]]);
  expect((await list('calls', 'filters.status=refused')).records.every((record) => record.params['status'] === 'refused')).toBe(true);
  expect(idsOf(await list('accounts', 'filters.name=gmbh'))).toEqual(['acme']);
  expect(idsOf(await list('providers', 'filters.jurisdictions=US'))).toEqual(['openai']);
  expect(idsOf(await list('transfers', 'filters.cross_border=false'))).toEqual([]);
  expect((await list('transfers', 'filters.cross_border=true')).records.length).toBe(10);
  expect(idsOf(await list('accounts', 'filters.on_hold=true'))).toEqual(['kuhn']);
  const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  expect((await list('calls', `filters.at~~from=${day(-1)}&filters.at~~to=${day(0)}`)).records.length).toBe(12);
  expect((await list('calls', `filters.at~~from=${day(1)}`)).records.length).toBe(0);
  expect((await list('calls', `filters.at~~to=${day(-2)}`)).records.length).toBe(0);
});

test('a day of the filter is a bound of ids on the big tables, so that it chooses partitions', async () => {
  const seen: string[] = [], reader = { query: (text: string) => { seen.push(text); return Promise.resolve({ rows: [] }); } };
  const context = { reader: reader as never, timeZone: 'Asia/Shanghai', shownSql: () => Promise.resolve(undefined) };
  await listRows(context, calls, { at: { from: '2026-11-24', to: '2026-11-24' } }, { limit: 10, offset: 0 });
  await countRows(context, calls, { at: { from: '2026-11-24' } });
  expect(seen[0]).toContain('WHERE request_id >= $1 AND request_id < $2 ORDER BY request_id desc LIMIT 10');
  expect(seen[1]).toContain('LIMIT 10001');
});

test('sorting goes by the columns meant for it, and by nothing else', async () => {
  const names = async (query: string): Promise<unknown[]> => (await list('accounts', query)).records.map((record) => record.id);
  expect(await names('sortBy=name&direction=desc')).toEqual(['kuhn', 'acme']);
  expect(await names('sortBy=name&direction=asc')).toEqual(['acme', 'kuhn']);
  const usual = await names('');
  for (const bad of ['contact', 'secret', 'name; DROP TABLE accounts', '(SELECT 1)', 'active_keys']) expect(await names(`sortBy=${encodeURIComponent(bad)}&direction=asc`)).toEqual(usual);
  expect(idsOf(await list('calls'))).toEqual([...world.calls].reverse());
});

test('pages are bounded: a hundred rows at most, and no deeper than ten thousand', async () => {
  expect((await list('calls', 'perPage=5&page=2')).records.map((record) => record.id)).toEqual([...world.calls].reverse().slice(5, 10));
  const context = { reader: console_.app.database.reader, timeZone: 'UTC', shownSql: () => Promise.resolve(undefined) };
  const seen: string[] = [];
  await listRows({ ...context, reader: { query: (text: string) => { seen.push(text); return Promise.resolve({ rows: [] }); } } as never }, calls, {}, { limit: 5_000, offset: 99_999_999 });
  expect(seen[0]).toContain(`LIMIT 100 OFFSET ${OFFSET_CAP}`);
  expect((await list('calls', 'perPage=500&page=400')).records).toEqual([]);
  for (const odd of ['perPage=abc&page=abc', 'perPage=-5', 'perPage=1.5', 'perPage=1e999', 'page=-1&perPage=3']) expect((await list('calls', odd)).records.length).toBeGreaterThan(0);
});

test('a list of customer data opens for a purpose alone, and every reading is on the ledger', async () => {
  for (const resource of ['accounts', 'keys', 'confirmations', 'calls', 'transfers', 'security_events']) {
    for (const query of ['', '?purpose=', '?purpose=curiosity']) {
      const answer = await officer.get(`/api/resources/${resource}/actions/list${query}`);
      expect([answer.status, answer.json<List>().records]).toEqual([400, []]);
    }
  }
  const count = async (): Promise<number> => Number((await console_.app.database.reader.query("SELECT count(*) FROM audit_records WHERE action = 'calls.list'")).rows[0].count);
  const before = await count();
  await officer.get('/api/resources/calls/actions/list?purpose=dispute_resolution&filters.account_id=acme');
  expect(await count()).toBe(before + 1);
  const { rows: [record] } = await console_.app.database.reader.query("SELECT actor_kind, purpose, subject_kind, after FROM audit_records WHERE action = 'calls.list' ORDER BY record_id DESC LIMIT 1");
  expect(record).toEqual({ actor_kind: 'operator', purpose: 'dispute_resolution', subject_kind: 'calls', after: { filter: { account_id: 'acme' }, rows: 10 } });
});

test('a record of a customer opens for a purpose alone too', async () => {
  const views = async (): Promise<object[]> => (await console_.app.database.reader.query("SELECT action, subject_id, purpose FROM audit_records WHERE action LIKE '%.view' ORDER BY record_id DESC LIMIT 3")).rows;
  for (const path of ['accounts/records/acme', `keys/records/${world.keyId}`, `confirmations/records/${world.confirmationId}`]) {
    const answer = await officer.get(`/api/resources/${path}/show`);
    expect([answer.status, answer.text.includes('dpo@acme.test'), answer.text.includes('production')]).toEqual([400, false, false]);
    expect((await officer.get(`/api/resources/${path}/show?purpose=billing`)).status).toBe(200);
  }
  expect(await views()).toEqual([{ action: 'confirmation.view', subject_id: world.confirmationId, purpose: 'billing' }, { action: 'key.view', subject_id: world.keyId, purpose: 'billing' }, { action: 'account.view', subject_id: 'acme', purpose: 'billing' }]);
});

test('one call is not read from the lists, only on its page', async () => {
  const { rows: [transfer] } = await console_.app.database.reader.query<{ transfer_id: string }>('SELECT transfer_id FROM transfers LIMIT 1');
  for (const path of [`calls/records/${world.calls[0]}`, `transfers/records/${transfer!.transfer_id}`]) {
    const answer = await officer.get(`/api/resources/${path}/show`);
    expect(answer.status).toBe(403);
    expect(answer.text).not.toContain('acme');
  }
});

test.each(ROLES)('the role %s sees the lists of its permissions and no others', async (role) => {
  const client = await console_.signIn(role);
  for (const { model, read } of DEFINITIONS) {
    const answer = await client.get(`/api/resources/${model.id}/actions/list?purpose=security_audit`);
    const may = PERMISSIONS_OF[role].includes(read);
    expect([model.id, answer.status]).toEqual([model.id, may ? 200 : 403]);
    if (!may) expect(answer.json<List>().records).toEqual([]);
  }
  const state = (await client.get('')).text;
  expect(state.includes('"href":"/console/resources/calls"')).toBe(PERMISSIONS_OF[role].includes('calls.read'));
});

test('a record shows what hangs on it', async () => {
  const account = (await officer.get('/api/resources/accounts/records/acme/show?purpose=security_audit')).json<{ sections: { name: string; rows: { name?: string }[] }[] }>();
  expect(account.sections.map((section) => [section.name, section.rows.length])).toEqual([['keys', 1], ['confirmations', 1], ['holds', 0]]);
  const provider = (await officer.get('/api/resources/providers/records/openai/show')).json<{ record: { params: Record<string, unknown> }; sections: { name: string }[] }>();
  expect(provider.record.params).toMatchObject({ legal_entity: 'OpenAI OpCo, LLC', 'jurisdictions.0': 'US', terms_version: '2026-01-01', trains_on_inputs: false, key_source: 'env:UPSTREAM_KEY' });
  expect(provider.sections.map((section) => section.name)).toEqual(['terms', 'routes', 'prices']);
});

test('every transfer carries its border and the basis on which it was crossed', async () => {
  const { records } = await list('transfers');
  expect(records.length).toBe(10);
  for (const { params } of records) expect(params).toMatchObject({ cross_border: true, basis: 'standard-contract', origin_jurisdiction: 'DE', 'destination_jurisdictions.0': 'US', outcome: 'answered', legal_entity: 'OpenAI OpCo, LLC' });
});

test('what does not exist is not found, in status too', async () => {
  for (const path of ['/api/resources/nothing/actions/list', '/api/resources/accounts/actions/nothing', '/api/resources/accounts/records/nobody/show', '/api/resources/keys/records/not-a-uuid/show', '/api/resources/accounts/records/acme/nothing', '/api/resources/accounts/bulk/bulkDelete', '/api/resources/accounts/bulk/bulkDelete?recordIds=nobody', '/api/resources/accounts/search/acme']) {
    expect([path, (await officer.get(path)).status]).toEqual([path, 404]);
  }
  for (const path of ['/resources/nothing', '/resources/accounts/bulk/bulkDelete']) expect((await officer.get(path)).status).toBe(303);
});
