import { systemActor } from '../../src/kernel/actor.js';
import { refuse } from '../../src/kernel/result.js';
import { createTestApp, type TestApp } from '../support/database.js';
import { managerOf } from '../../src/platform/db/index.js';

let test_: TestApp;
beforeAll(async () => { test_ = await createTestApp(); });
afterAll(async () => { await test_.close(); });
const actor = systemActor('test');
const open = `INSERT INTO accounts (account_id, name, jurisdiction, contact, created_at) VALUES ($1, 'n', 'DE', 'c', now())`;
const count = async (): Promise<number> => Number((await test_.app.database.reader.query('SELECT count(*) FROM accounts')).rows[0].count);

test('a change without a ledger record is refused and rolled back', async () => {
  await expect(test_.app.act(actor, (tx) => managerOf(tx).query(open, ['a']))).rejects.toMatchObject({ code: 'unledgered_write' });
  expect(await count()).toBe(0);
});

test('a change with a ledger record commits, and its batch commits to the record', async () => {
  await test_.app.act(actor, async (tx) => {
    await managerOf(tx).query(open, ['b']);
    await test_.app.ledger.append(tx, { action: 'account.open', subjectKind: 'account', subjectId: 'b' });
  });
  expect(await count()).toBe(1);
  const { rows } = await test_.app.database.reader.query('SELECT octet_length(commitments) AS bytes FROM ledger_batches');
  expect(rows).toEqual([{ bytes: 32 }]);
});

test('a refusal rolls back what was written and is passed on', async () => {
  const answer = await test_.app.act(actor, async (tx) => {
    await managerOf(tx).query(open, ['c']);
    return refuse('conflict', 'no');
  });
  expect(answer).toMatchObject({ refused: true, code: 'conflict' });
  expect(await count()).toBe(1);
});

test('a work that only reads needs no record, and bookkeeping may write without one', async () => {
  await test_.app.act(actor, (tx) => managerOf(tx).query('SELECT 1'));
  await test_.app.bookkeeping(actor, (tx) => managerOf(tx).query(`UPDATE sealer_lease SET holder = 'x'`));
});

test('a transaction that is over cannot be used', async () => {
  let leaked: Parameters<typeof managerOf>[0] | undefined;
  await test_.app.act(actor, async (tx) => { leaked = tx; });
  expect(() => managerOf(leaked!)).toThrow('over');
});

test('the reading connection cannot write', async () => {
  await expect(test_.app.database.reader.query('DELETE FROM accounts')).rejects.toThrow('read-only');
});
