// The pages: the story of a call, the home board, the purge page.
import { startTestConsole, type Answer, type Client, type TestConsole } from '../support/console.js';
import { makeWorld, type World } from '../support/console-world.js';
import { purge, writeCalls } from '../support/retention.js';

let console_: TestConsole, world: World, agent: Client, officer: Client;
beforeAll(async () => {
  console_ = await startTestConsole();
  agent = await console_.signIn('support_agent');
  officer = await console_.signIn('compliance_officer');
});
afterAll(async () => { await console_.close(); });

const lookup = (client: Client, payload: object): Promise<Answer> => client.post('/api/pages/lookup', payload);
const views = async (): Promise<{ subject_id: string; purpose: string; reason: string | null; actor_name: string }[]> =>
  (await console_.app.database.reader.query("SELECT subject_id, purpose, reason, actor_name FROM audit_records WHERE action = 'call.view' ORDER BY record_id")).rows as never;
interface Found { readonly story: { request_id: string; status: string; cost_micros: number; transfers: Record<string, unknown>[]; charge: { matches_record: boolean } | null; access: object[]; retention: object }; readonly proof: { verdict: string; problem: string | null; records: { verdict: string }[] }; readonly may: object }

test('an empty console shows an empty board, not errors', async () => {
  const board = (await officer.get('/api/dashboard')).json<{ calls: object; any_calls: boolean; transfers: object; last_purge: null; hours: object[]; tasks: object[] }>();
  expect(board).toMatchObject({ calls: {}, any_calls: false, transfers: { total: 0, cross_border: 0 }, last_purge: null, last_verification: null, tasks: [] });
  expect(board.hours).toHaveLength(24);
  expect((await officer.get('/api/pages/purge')).json()).toMatchObject({ runs: [], may: { run: true } });
});

describe('with a world', () => {
  beforeAll(async () => { world = await makeWorld(console_.app, { calls: 6 }); });

  test('a call is found by our id, the provider’s and the client’s, and every reading is recorded with its purpose', async () => {
    for (const id of [world.calls[0]!, world.upstreamId, world.clientId]) {
      const found = await lookup(agent, { id: ` ${id} `, purpose: 'dispute_resolution', reason: 'customer asks' });
      expect([found.status, found.json<Found>().story.request_id]).toEqual([200, world.calls[0]]);
    }
    expect(await views()).toEqual(Array(3).fill({ subject_id: world.calls[0], purpose: 'dispute_resolution', reason: 'customer asks', actor_name: 'Pat of support_agent' }));
  });

  test('the story has call, charge, transfer, retention and proof on one screen', async () => {
    const { story, proof, may } = (await lookup(agent, { id: world.calls[0], purpose: 'billing' })).json<Found>();
    expect(story).toMatchObject({ status: 'completed', charge: { matches_record: true }, retention: { api_call_metadata: { stored: true } } });
    expect(story.transfers).toMatchObject([{ legal_entity: 'OpenAI OpCo, LLC', origin: 'DE', jurisdictions: ['US'], cross_border: true, basis: 'standard-contract', terms_version: '2026-01-01', confirmation_ids: [world.confirmationId], outcome: { outcome: 'answered' } }]);
    expect([proof.verdict, proof.records.map((record) => record.verdict)]).toEqual(['verified', ['verified', 'verified', 'verified']]);
    expect(story.access.length).toBeGreaterThanOrEqual(3);
    expect(may).toEqual({ pack: true, download: true, hold: false, dispute: true, open: true });
  });

  test('without a purpose nothing is read and nothing recorded', async () => {
    const before = (await views()).length;
    for (const payload of [{ id: world.calls[0] }, { id: world.calls[0], purpose: '' }, { id: world.calls[0], purpose: 'curiosity' }]) {
      const answer = await lookup(agent, payload);
      expect([answer.status, answer.text.includes('acme'), answer.json<{ error: object }>().error]).toMatchObject([400, false, { code: 'purpose_required', field: 'purpose' }]);
    }
    expect((await lookup(agent, { id: '', purpose: 'billing' })).json()).toMatchObject({ error: { code: 'invalid_request', field: 'id' } });
    expect((await lookup(agent, { id: 'no-such-call', purpose: 'billing' })).json()).toMatchObject({ error: { code: 'not_found', field: 'id' } });
    expect((await agent.get(`/api/pages/lookup?id=${world.calls[0]}&purpose=billing`)).status).toBe(405);
    expect((await views()).length).toBe(before);
  });

  test('an administrator reads no call', async () => {
    const administrator = await console_.signIn('administrator'), before = (await views()).length;
    expect((await lookup(administrator, { id: world.calls[0], purpose: 'troubleshooting' })).status).toBe(403);
    expect((await views()).length).toBe(before);
  });

  test('a record that was altered behind our back does not verify, and the page says which', async () => {
    const id = world.calls[1]!, pool = console_.app.database.pool;
    const { rows: [partition] } = await pool.query<{ name: string }>('SELECT tableoid::regclass AS name FROM calls WHERE request_id = $1', [id]);
    await pool.query(`ALTER TABLE ${partition!.name} DISABLE TRIGGER USER; UPDATE ${partition!.name} SET cost_micros = 1 WHERE request_id = '${id}'; ALTER TABLE ${partition!.name} ENABLE TRIGGER USER`);
    const { story, proof } = (await lookup(agent, { id, purpose: 'billing' })).json<Found>();
    expect([proof.verdict, proof.problem]).toEqual(['broken', `calls ${id} does not match what was sealed`]);
    expect(story.charge?.matches_record).toBe(false);
  });

  test('a call that is not sealed yet says so', async () => {
    const { story } = (await lookup(agent, { id: world.calls[2], purpose: 'billing' })).json<Found>();
    const pool = console_.app.database.pool;
    await pool.query('ALTER TABLE ledger_batches DISABLE TRIGGER USER');
    const { rows: [batch] } = await pool.query<{ batch_id: string; first_leaf: string }>('SELECT b.batch_id, b.first_leaf FROM ledger_batches b JOIN calls c USING (batch_id) WHERE c.request_id = $1', [story.request_id]);
    await pool.query('UPDATE ledger_batches SET first_leaf = NULL WHERE batch_id = $1', [batch!.batch_id]);
    expect((await lookup(agent, { id: world.calls[2], purpose: 'billing' })).json<Found>().proof.verdict).toBe('waiting');
    await pool.query('UPDATE ledger_batches SET first_leaf = $2 WHERE batch_id = $1', [batch!.batch_id, batch!.first_leaf]);
  });

  test('the board counts today’s calls, the border share and the hours', async () => {
    const board = (await officer.get('/api/dashboard')).json<{ calls: Record<string, number>; hours: { completed: number; refused: number; other: number }[]; transfers: { total: number; cross_border: number }; ledger: { tree_size: number } }>();
    const recent = board.hours.reduce((sum, hour) => sum + hour.completed + hour.refused + hour.other, 0);
    expect(recent).toBe(6);
    expect(board.transfers.cross_border).toBe(board.transfers.total);
    expect(board.ledger.tree_size).toBeGreaterThan(15);
  });

  test('what wants doing stands on the board of whoever may do it', async () => {
    const pool = console_.app.database.pool;
    await pool.query("UPDATE holds SET review_on = to_char(now(), 'YYYY-MM-DD')");
    await pool.query("UPDATE confirmations SET valid_until = to_char(now() + interval '10 days', 'YYYY-MM-DD')");
    await pool.query("UPDATE providers SET status = 'suspended' WHERE provider_id = 'mailer'");
    const kinds = async (client: Client): Promise<string[]> => (await client.get('/api/dashboard')).json<{ tasks: { kind: string }[] }>().tasks.map((task) => task.kind);
    expect(await kinds(officer)).toEqual(['holds_to_review', 'confirmations_ending', 'suspended_providers']);
    await pool.query("UPDATE operators SET locked_until = now() + interval '5 minutes' WHERE roles = '{support_agent}'");
    expect(await kinds(officer)).toContain('locked_operators');
    expect(await kinds(agent)).not.toContain('locked_operators');
  });

  test('what is overdue is counted apart, and a run shows up with its items', async () => {
    await writeCalls(console_.app, '2024-01-10', { globex: 8 });
    const overdue = (await officer.get('/api/dashboard?part=overdue')).json<{ overdue: { data_type: string; rows_due: number }[] }>();
    expect(overdue.overdue).toMatchObject([{ data_type: 'api_call_metadata', rows_due: 8 }]);
    expect((await agent.get('/api/dashboard?part=overdue')).json()).toEqual({ overdue: [] });
    const run = await purge(console_.app, 'api_call_metadata');
    const page = (await officer.get('/api/pages/purge')).json<{ runs: { run_id: string; state: string; items: object[] }[] }>();
    expect(page.runs[0]).toMatchObject({ run_id: run.runId, state: 'certified', rows_deleted: 8 });
    expect(page.runs[0]!.items.length).toBe(1);
    expect((await officer.get('/api/dashboard')).json()).toMatchObject({ last_purge: { run_id: run.runId, state: 'certified', rows_deleted: '8' } });
    expect((await agent.get('/api/pages/purge')).status).toBe(403);
  });
});
