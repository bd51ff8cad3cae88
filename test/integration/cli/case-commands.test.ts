// `holdfast case`: open, list, show, attach and move from the command line; what needs people is refused there.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../../src/entrypoints/cli/cli.js';
import { makeWorld, type World } from '../../support/console-world.js';
import { createTestApp, type TestApp } from '../../support/database.js';

let test_: TestApp, world: World, folder: string;
beforeAll(async () => {
  test_ = await createTestApp();
  world = await makeWorld(test_.app);
  folder = mkdtempSync(join(tmpdir(), 'holdfast-case-'));
});
afterAll(async () => { await test_.close(); rmSync(folder, { recursive: true, force: true }); });

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string; json: () => Record<string, unknown> }> {
  let out = '', err = '';
  const code = await runCli(argv, { HOLDFAST_HOME: test_.home, DATABASE_URL: test_.databaseUrl }, { out: (text) => { out += text; }, err: (text) => { err += text; } });
  return { code, out, err, json: () => JSON.parse(out) as Record<string, unknown> };
}

test('a dispute is opened, listed, shown and moved', async () => {
  writeFileSync(join(folder, 'complaint.txt'), 'Charged twice?');
  const opened = await run('case', 'open', 'dispute', '--request', world.calls[0]!, '--field', 'topic=billing', '--field', `complaint=@${join(folder, 'complaint.txt')}`, '--json');
  expect([opened.code, opened.json()]).toEqual([0, { case_id: expect.any(String), number: expect.stringMatching(/^D-\d{4}-0001$/), hold_id: expect.any(String) }]);
  const number = String(opened.json()['number']);
  expect((await run('case', 'list', '--kind', 'dispute', '--open')).out).toMatch(new RegExp(`${number} +dispute +opened +acme`));
  expect((await run('case', 'move', number, 'take_up', '--field', 'note=looking')).out).toMatch(/state +working/);
  const shown = await run('case', 'show', number);
  expect(shown.out).toMatch(/next moves +select_evidence, settle, withdraw/);
  expect(shown.out).toContain('take_up');
  expect((await run('case', 'show', number, '--json')).json()).toMatchObject({ state: 'working', facts: { complaint: 'Charged twice?' }, nextMoves: ['select_evidence', 'settle', 'withdraw'] });
});

test('a lawful request takes its instrument, and what counts for four eyes is refused at the command line', async () => {
  const fields = ['authority=StA Berlin', 'country=DE', 'instrument_type=court_order', 'reference=1/26', 'channel=post', 'served_on=2026-01-02', 'regime=other', 'asked_for=who?', 'emergency=no'].flatMap((one) => ['--field', one]);
  const number = String((await run('case', 'open', 'lawful_request', '--account', 'acme', ...fields, '--json')).json()['number']);
  writeFileSync(join(folder, 'order.pdf'), '%PDF-1.7');
  expect((await run('case', 'attach', number, join(folder, 'order.pdf'), '--role', 'instrument')).out).toMatch(/bytes +8/);
  const refused = await run('case', 'move', number, 'complete_intake');
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('a person makes it')]);
});

test('what is wrong is one line: an unknown kind, field, case or move', async () => {
  expect(await run('case', 'open', 'complaint')).toMatchObject({ code: 2, err: expect.stringContaining('is none of dispute') });
  expect(await run('case', 'open', 'dispute', '--request', world.calls[0]!, '--field', 'topic')).toMatchObject({ code: 2 });
  expect(await run('case', 'open', 'dispute', '--request', world.calls[0]!, '--field', 'colour=red')).toMatchObject({ code: 1, err: expect.stringContaining('there is no field colour') });
  expect(await run('case', 'show', 'D-2026-9999')).toMatchObject({ code: 1, err: expect.stringContaining('there is no case') });
  expect(await run('case', 'list', '--state', 'nowhere')).toMatchObject({ code: 0, out: 'there are no cases\n' });
});

test("a provider's usage file is imported and held against our calls", async () => {
  const { rows: [one] } = await test_.app.database.reader.query<{ id: string; day: string; input: string; output: string }>("SELECT upstream_request_id AS id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, usage_input + usage_cache_read AS input, usage_output AS output FROM calls WHERE request_id = $1", [world.calls[0]]);
  writeFileSync(join(folder, 'usage.csv'), `request_id,day,model,input_tokens,output_tokens\n${one!.id},${one!.day},gpt-5,${Number(one!.input) + 3},${one!.output}\n`);
  const imported = await run('reconcile', 'import', join(folder, 'usage.csv'), '--provider', 'openai', '--json'), id = String(imported.json()['import_id']);
  expect([imported.code, imported.json()]).toMatchObject([0, { rows: 1, by_request: true, changed: true }]);
  expect((await run('reconcile', 'show')).out).toContain(id);
  expect((await run('reconcile', 'show', id)).out).toMatch(/amount differs +1/);
  expect((await run('reconcile', 'show', id, '--tolerance-percent', '0.5')).out).toMatch(/amount differs +0/);
  expect(await run('reconcile', 'show', id, '--tolerance-percent', 'some')).toMatchObject({ code: 2 });
});
