// Clients that call a gateway for as long as they are told, and what must be true of the record afterwards, whatever was killed meanwhile.
import type { App } from '../../src/app.js';
import { chatAnswer, chatEvents, messageEvents, type Script } from './upstream.js';

/** What a client got whole, and what its record must say for it. */
export interface Answered { readonly model: string; readonly usage: { readonly input: bigint; readonly output: bigint } }
export interface LoadResult {
  readonly whole: Answered[];
  /** Answers of the gateway itself, by status. */
  readonly refused: Map<number, number>;
  /** Longest time between a request and the end of its answer, ms. */
  longestMs: number;
}

const USAGE = [{ input: 10n, output: 2n }, { input: 5n, output: 3n }, { input: 5n, output: 4n }] as const;

/** Answers JSON and both kinds of streams with pauses of up to `pauseMs` between their events. */
export function answering(pauseMs: number): Script {
  const pause = (): Promise<void> => new Promise((done) => { setTimeout(done, Math.random() * pauseMs); });
  return async ({ body, url }, response) => {
    await pause();
    const { stream } = JSON.parse(body.toString()) as { stream?: boolean };
    if (!stream) { response.writeHead(200, { 'content-type': 'application/json' }); response.end(chatAnswer()); return; }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const events = url.includes('messages') ? messageEvents(['a', 'b', 'c'], { input_tokens: 5, output_tokens: 1 }, { output_tokens: 4 }) : chatEvents(['a', 'b', 'c'], { prompt_tokens: 5, completion_tokens: 3 });
    for (const event of events) { response.write(event); await pause(); }
    response.end();
  };
}

/** Starts `count` clients, each call under a model name of its own that begins with mock-`name`. `stop` ends them after the call they are in. */
export function startLoad(target: { url(): string; key: string }, name: string, count: number): { readonly result: LoadResult; stop(): Promise<LoadResult>; /** Resolves once so many answers were whole. */ whole(least: number): Promise<void> } {
  const result: LoadResult = { whole: [], refused: new Map(), longestMs: 0 }, state = { stopped: false };
  const client = async (number: number): Promise<void> => {
    for (let i = number; !state.stopped; i++) {
      const model = `mock-${name}-${number}-${i}`, kind = i % 3, begin = performance.now();
      try {
        const response = await fetch(`${target.url()}${kind === 2 ? '/v1/messages' : '/v1/chat/completions'}`, { method: 'POST', headers: { authorization: `Bearer ${target.key}` },
          body: JSON.stringify({ model, messages: [], stream: kind > 0, max_tokens: 5 }) });
        const text = await response.text();
        const ended = kind === 0 ? text === chatAnswer() : kind === 1 ? text.endsWith('data: [DONE]\n\n') : text.includes('event: message_stop');
        if (response.status === 200 && ended) result.whole.push({ model, usage: USAGE[kind]! });
        if (response.status !== 200) {
          result.refused.set(response.status, (result.refused.get(response.status) ?? 0) + 1);
          await new Promise((done) => { setTimeout(done, 20); });
        }
      } catch { await new Promise((done) => { setTimeout(done, 20); }); }
      result.longestMs = Math.max(result.longestMs, performance.now() - begin);
    }
  };
  const running = Array.from({ length: count }, (_, number) => client(number));
  return {
    result,
    stop: async () => { state.stopped = true; await Promise.all(running); return result; },
    whole: async (least) => { for (let i = 0; i < 3_000 && result.whole.length < least; i++) await new Promise((done) => { setTimeout(done, 10); }); if (result.whole.length < least) throw new Error(`only ${result.whole.length} of ${least} answers came whole`); },
  };
}

/**
 * What no fault may break: all that providers saw is on record as a transfer, every whole answer as a completed call with its usage, no
 * number twice, none missing in an epoch that closed, nothing open where the sweep has been, and the ledger intact. Lists what is not so.
 */
export async function brokenPromises(app: App, seenModels: Iterable<string>, whole: readonly Answered[]): Promise<string[]> {
  const rows = async <T>(sql: string): Promise<T[]> => (await app.database.reader.query(sql)).rows as T[];
  const broken: string[] = [];
  const transfers = new Set((await rows<{ model: string }>('SELECT model FROM transfers')).map((row) => row.model));
  for (const model of new Set(seenModels)) if (!transfers.has(model)) broken.push(`${model} reached a provider without a transfer on record`);
  const completed = new Map((await rows<{ model: string; input: string; output: string; source: string; n: string }>(
    `SELECT model, min(usage_input) AS input, min(usage_output) AS output, min(usage_source) AS source, count(*) AS n FROM calls WHERE status = 'completed' GROUP BY model`)).map((row) => [row.model, row]));
  for (const { model, usage } of whole) {
    const row = completed.get(model);
    if (!row) broken.push(`${model} was answered whole without a completed call on record`);
    else if (BigInt(row.input) !== usage.input || BigInt(row.output) !== usage.output || row.source !== 'reported' || row.n !== '1') broken.push(`${model} is on record ${row.n} times, as ${row.source} ${row.input}/${row.output}`);
  }
  for (const row of await rows<{ what: string; n: string }>(`
    SELECT 'numbers twice' AS what, count(*) AS n FROM (SELECT FROM calls WHERE account_id IS NOT NULL GROUP BY account_id, epoch_id, account_seq HAVING count(*) > 1) twice
    UNION ALL SELECT 'numbers missing in a closed epoch', count(*) FROM (
      SELECT FROM gateway_epochs e, jsonb_each_text(e.last_numbers) l
      WHERE e.closed_at IS NOT NULL AND NOT EXISTS (SELECT FROM audit_records a WHERE a.action = 'epoch.lost' AND a.subject_id = e.epoch_id::text)
        AND l.value::bigint <> (SELECT count(DISTINCT account_seq) FROM calls c WHERE c.epoch_id = e.epoch_id AND c.account_id = l.key AND c.account_seq BETWEEN 1 AND l.value::bigint)) missing
    UNION ALL SELECT 'transfers without an outcome', count(*) FROM transfers t WHERE NOT EXISTS (SELECT FROM transfer_outcomes o WHERE o.transfer_id = t.transfer_id)
    UNION ALL SELECT 'transfers without a call', count(*) FROM transfers t WHERE NOT EXISTS (SELECT FROM calls c WHERE c.request_id = t.request_id)
    UNION ALL SELECT 'epochs that are not over', count(*) FROM gateway_epochs WHERE closed_at IS NULL`)) if (row.n !== '0') broken.push(`${row.what}: ${row.n}`);
  await app.ledger.sealOnce();
  const report = await app.ledger.verify({ certifiedPurges: () => Promise.resolve([]) });
  return [...broken, ...report.intact ? [] : ['the ledger is not intact'], ...report.problems.map((problem) => JSON.stringify(problem))];
}

/** The model names of what an upstream was sent. */
export function modelsOf(seen: readonly { readonly body: Buffer }[]): string[] { return seen.map((one) => (JSON.parse(one.body.toString()) as { model: string }).model); }
