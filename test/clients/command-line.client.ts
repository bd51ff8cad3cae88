// Codex and Claude Code, unmodified, through a gateway in front of a scripted provider: what they print against what is on record.
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { expectOracle } from '../support/oracle.js';
import { json, messageEvents, responseEvents, sse, type Script, type Seen } from '../support/upstream.js';
import { claude, codex, runClient, type Finished } from './run-client.js';

let gateway: TestGateway;
beforeAll(async () => { gateway = await startTestGateway(); });
afterAll(async () => { await gateway.close(); });
beforeEach(() => { gateway.upstream.seen.length = 0; });

const calls = async (model: string) => { const page = await gateway.app.gateway.listCalls({ model }); if (!('rows' in page)) throw new Error(page.message); return page.rows; };
const asked = (path: string): Seen[] => gateway.upstream.seen.filter((seen) => seen.url.startsWith(path));

describe('codex', () => {
  const USAGE = { input_tokens: 1_200, input_tokens_details: { cached_tokens: 800, cache_write_tokens: 100 }, output_tokens: 20, output_tokens_details: { reasoning_tokens: 5 }, total_tokens: 1_220 };
  const run = (model: string, provider = 'gw', more: readonly string[] = []): Promise<Finished> => runClient(codex(), ['exec', '--json', '--ephemeral', '--skip-git-repo-check', '-m', model,
    ...(provider === 'gw' ? ['-c', 'model_provider=gw', '-c', `model_providers.gw={name="gw",base_url="${gateway.url}/v1",env_key="KEY",wire_api="responses",stream_max_retries=2,request_max_retries=2}`] : ['-c', `openai_base_url="${gateway.url}/v1"`]),
    '-c', 'check_for_update_on_startup=false', '-c', 'analytics.enabled=false', '--disable', 'plugins', '--disable', 'apps', '--disable', 'remote_plugin', ...more, 'say hi'],
  { CODEX_HOME: '{home}', KEY: gateway.acme, CODEX_API_KEY: gateway.acme });
  const events = ({ out }: Finished): Record<string, unknown>[] => out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);

  test('a turn: its usage is that on record, and its session finds the call', async () => {
    gateway.upstream.script = sse(responseEvents(['Hi ', 'there'], USAGE), 1);
    const finished = await run('mock-codex');
    const turn = events(finished).find((event) => event['type'] === 'turn.completed') as { usage: Record<string, number> } | undefined;
    expect(turn?.usage).toMatchObject({ input_tokens: 1_200, cached_input_tokens: 800, output_tokens: 20, reasoning_output_tokens: 5 });
    const [seen] = asked('/v1/responses'), [call] = await calls('mock-codex');
    expectOracle(call!, 'responses', { model: 'gpt-5', usage: USAGE });
    expect(call).toMatchObject({ status: 'completed', stream: true, usage_reasoning: 5n, session_id: seen!.headers['session-id'], client_request_id: seen!.headers['x-client-request-id'] });
    const found = await gateway.app.gateway.listCalls({ session: String(seen!.headers['session-id']) });
    expect('rows' in found && found.rows.map((row) => row.request_id)).toEqual([call!.request_id]);
  });
  // Codex wants instructions and limits of each model there, which nobody but the provider knows; it goes on with its own.
  test('our list of models as its catalogue does no harm', async () => {
    gateway.upstream.script = sse(responseEvents(['Hi'], USAGE), 1);
    const finished = await run('mock-codex-catalogue', 'gw', ['-c', `model_providers.gw.model_catalog_url="${gateway.url}/v1/models"`]);
    expect(events(finished).map((event) => event['type'])).toContain('turn.completed');
    expect((await calls('mock-codex-catalogue')).map((call) => call.status)).toEqual(['completed']);
  });
  test('its built-in provider tries a WebSocket first and falls back at our 426', async () => {
    gateway.upstream.script = sse(responseEvents(['Hi'], USAGE), 1);
    const finished = await run('mock-codex-builtin', 'openai');
    expect(events(finished).map((event) => event['type'])).toContain('turn.completed');
    expect((await calls('mock-codex-builtin')).map((call) => call.status)).toEqual(['completed']);
  });
  test('a 429 with retry-after and a cut stream are tried again, each a call of its own', async () => {
    let count = 0;
    const scripts: Script[] = [json('{"error":{"message":"slow down","type":"rate_limit_error","code":"rate_limit_exceeded"}}', { 'retry-after': '1' }, 429),
      (_, response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }); response.write(responseEvents(['Hi'], USAGE).slice(0, 6).join(''), () => { response.destroy(); }); },
      sse(responseEvents(['Hi'], USAGE), 1)];
    gateway.upstream.script = (seen, response, request) => scripts[Math.min(count++, 2)]!(seen, response, request);
    const finished = await run('mock-codex-retry');
    expect(events(finished).map((event) => event['type'])).toContain('turn.completed');
    expect((await calls('mock-codex-retry')).map((call) => call.status)).toEqual(['failed', 'cut', 'completed']);
  });
});

describe('claude code', () => {
  const USAGE = { input_tokens: 30, cache_read_input_tokens: 2_000, cache_creation_input_tokens: 400, output_tokens: 1 };
  const run = (model: string, credential: Record<string, string> = { ANTHROPIC_AUTH_TOKEN: gateway.acme }, ...flags: string[]): Promise<Finished> => runClient(claude(), ['-p', '--output-format', 'json', ...flags, 'say hi'],
    { ANTHROPIC_BASE_URL: gateway.url, ANTHROPIC_MODEL: model, ANTHROPIC_DEFAULT_HAIKU_MODEL: model, ANTHROPIC_SMALL_FAST_MODEL: model, CLAUDE_CONFIG_DIR: '{home}', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_TELEMETRY: '1', DISABLE_ERROR_REPORTING: '1', DISABLE_AUTOUPDATER: '1', ...credential });
  interface Result { result: string; is_error: boolean; session_id: string; usage: Record<string, number> }
  const result = ({ out, err }: Finished): Result => { try { return JSON.parse(out) as Result; } catch { throw new Error(`no JSON: ${out}\n${err}`); } };
  const answer: Script = (seen, response, request) => {
    const streamed = (JSON.parse(seen.body.toString()) as { stream?: boolean }).stream === true;
    return (streamed ? sse(messageEvents(['Hi ', 'there'], USAGE, { output_tokens: 9 }), 1)
      : json(JSON.stringify({ id: 'msg_1', type: 'message', role: 'assistant', model: 'served-2', content: [{ type: 'text', text: 'Hi there' }], stop_reason: 'end_turn', stop_sequence: null, usage: { ...USAGE, output_tokens: 9 } })))(seen, response, request);
  };

  test.each([['a token', (): Record<string, string> => ({ ANTHROPIC_AUTH_TOKEN: gateway.acme }), []], ['an API key', (): Record<string, string> => ({ ANTHROPIC_API_KEY: gateway.acme }), ['--bare']]] as const)('a prompt with %s: its usage is that on record, and its session finds the call', async (kind, credential, flags) => {
    const model = `mock-claude-code-${kind.replaceAll(' ', '-')}`;
    gateway.upstream.script = answer;
    const said = result(await run(model, credential(), ...flags));
    expect(said).toMatchObject({ is_error: false, result: 'Hi there', usage: { input_tokens: 30, cache_read_input_tokens: 2_000, cache_creation_input_tokens: 400, output_tokens: 9 } });
    const rows = await calls(model), last = rows.at(-1)!;
    expectOracle(last, 'messages', { model: 'claude-sonnet-4-5', usage: { ...USAGE, output_tokens: 9 } });
    expect(last).toMatchObject({ status: 'completed', session_id: said.session_id });
    const found = await gateway.app.gateway.listCalls({ session: said.session_id });
    expect('rows' in found && found.rows.map((row) => row.request_id)).toEqual(rows.map((row) => row.request_id));
    expect(asked('/v1/messages').every((seen) => seen.headers['anthropic-version'] === '2023-06-01' && String(seen.headers['anthropic-beta']).length > 10)).toBe(true);
  });
  test('an overloaded provider is tried again, and an error that must not be is told', async () => {
    let count = 0;
    gateway.upstream.script = (seen, response, request) => (count++ === 0 ? json('{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', {}, 529) : answer)(seen, response, request);
    expect(result(await run('mock-claude-code-busy'))).toMatchObject({ is_error: false });
    expect((await calls('mock-claude-code-busy')).map((call) => call.status)).toEqual(['failed', 'completed']);
    gateway.upstream.script = json('{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 300000 tokens > 200000 maximum"},"request_id":"req_x"}', { 'x-should-retry': 'false' }, 400);
    expect(result(await run('mock-claude-code-long'))).toMatchObject({ is_error: true, result: expect.stringMatching(/too long/i) });
  });
  test('a key we do not know asks the person to log in, and nothing reaches the provider', async () => {
    const said = await run('mock-claude-code', { ANTHROPIC_AUTH_TOKEN: 'hfk_wrong', CLAUDE_CODE_MAX_RETRIES: '0' });
    expect(result(said)).toMatchObject({ is_error: true, result: expect.stringMatching(/log ?in/i) });
    expect(gateway.upstream.seen).toEqual([]);
  });
});
