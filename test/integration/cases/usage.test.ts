// A provider's usage against our records, and the calls around a call.
import { ADA, AUDREY, SUE } from '../../support/case-people.js';
import { makeWorld, type World } from '../../support/console-world.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { ok } from '../../support/registry.js';

let test_: TestApp, world: World;
beforeAll(async () => { test_ = await createTestApp(); world = await makeWorld(test_.app, { calls: 12 }); });
afterAll(() => test_.close());

test('a file is imported once, on record, and held against the calls of its days', async () => {
  const { rows } = await test_.app.database.reader.query<{ id: string; day: string; model: string; input: string; output: string }>(`SELECT upstream_request_id AS id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, served_model AS model,
    usage_input + usage_cache_read AS input, usage_output AS output FROM calls WHERE provider_id = 'openai' ORDER BY request_id`);
  const [first, second, , ...rest] = rows, line = (row: (typeof rows)[number], more = 0): string => `${row.id},${row.day},${row.model},${Number(row.input) + more},${row.output},0.01,USD`;
  const csv = ['request_id,day,model,input_tokens,output_tokens,amount,currency', line(first!), line(second!, 500), ...rest.map((row) => line(row)), `chatcmpl-unknown,${first!.day},${first!.model},5,5,0.01,USD`].join('\n');
  const imported = (actor: typeof ADA, providerId = 'openai') => test_.app.act(actor, (tx) => test_.app.cases.importUsage(tx, { providerId, name: 'november.csv', csv }));
  expect(await imported(SUE)).toMatchObject({ code: 'forbidden' });
  expect(await imported(AUDREY)).toMatchObject({ code: 'forbidden' });
  expect(await imported(ADA, 'nobody')).toMatchObject({ code: 'not_found' });
  const one = ok(await imported(ADA));
  expect(one).toMatchObject({ changed: true, rows: rows.length, byRequest: true });
  expect(ok(await imported(ADA))).toMatchObject({ changed: false, importId: one.importId });
  const { result } = (await test_.app.cases.reconcileUsage(one.importId, { tokens: 0n, basisPoints: 0n }))!;
  expect(result.total).toEqual({ matched: rows.length - 2, amount_differs: 1, ours_only: 1, theirs_only: 1 });
  expect(result.differences.find((line_) => line_.class === 'amount_differs')).toMatchObject({ upstreamRequestId: second!.id, requestId: world.calls[1] });
  const loose = (await test_.app.cases.reconcileUsage(one.importId, { tokens: 500n, basisPoints: 0n }))!;
  expect(loose.result.total).toMatchObject({ matched: rows.length - 1, amount_differs: 0 });
  expect(await test_.app.cases.reconcileUsage('0193c1a2-7b3c-7000-8000-0123456789ab', { tokens: 0n, basisPoints: 0n })).toBeUndefined();
});

test('the calls around a call are those of its key, nearest on each side, oldest first', async () => {
  const call = (await test_.app.gateway.findCall(world.calls[4]!))!.call;
  const around = await test_.app.cases.callsAround(call, 2);
  expect(around.map((one) => one.request_id)).toEqual([world.calls[2], world.calls[3], world.calls[5], world.calls[7]]);
  const refused = (await test_.app.gateway.findCall(world.calls.at(-1)!))!.call;
  expect(await test_.app.cases.callsAround(refused)).toEqual([]);
});
