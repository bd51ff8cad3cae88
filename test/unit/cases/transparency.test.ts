// The transparency report and its CSV: small cells stay untold, also by subtraction.
import { csvOf, FIGURES, reportOn, SMALLEST_TOLD, transparencyCsv, type ReportedCase } from '../../../src/domain/cases/transparency-rules.js';
import { recipientsOf, reminderText } from '../../../src/domain/cases/remind-rules.js';

const request = (more: Partial<ReportedCase> = {}): ReportedCase => ({ country: 'DE', instrumentType: 'court_order', accountId: 'acme', state: 'closed', facts: {}, moves: [], disclosures: 0, ...more });
const many = (count: number, more: Partial<ReportedCase> = {}): ReportedCase[] => Array.from({ length: count }, (_, index) => request({ accountId: `a${index}`, ...more }));

test('counts are told from five on; zero is told; one to four are not', () => {
  const { rows: [row] } = reportOn([...many(7, { disclosures: 1 }), ...many(3, { moves: [{ move: 'challenge' }] }), ...many(4), ...many(6, { state: 'rejected' })]);
  expect(row!.cells).toMatchObject({ requests: 20, disclosed: 7, rejected: 6, challenged: '<5', narrowed: 0, emergency: 0 });
});

test('where all but a few had the same answer the few cannot be worked out', () => {
  const { rows: [row] } = reportOn([...many(9, { disclosures: 1 }), ...many(1)]);
  expect(row!.cells).toMatchObject({ requests: 10, disclosed: '≥6' });
  expect(reportOn(many(10, { disclosures: 1 })).rows[0]!.cells.disclosed).toBe(10);
});

test('a sum with an untold part is told only as the least it can be', () => {
  const { total } = reportOn([...many(8), ...many(2, { country: 'FR' })]);
  expect(total.requests).toBe('≥9');
  expect(reportOn([...many(8), ...many(6, { country: 'FR' })]).total.requests).toBe(14);
});

test('no cell, row or sum ever shows a count below the threshold', () => {
  for (let count = 0; count <= 12; count += 1) {
    for (let disclosed = 0; disclosed <= count; disclosed += 1) {
      const { rows, total } = reportOn([...many(disclosed, { disclosures: 1 }), ...many(count - disclosed), ...many(20, { country: 'FR' })]);
      for (const cells of [...rows.map((row) => row.cells), total]) for (const figure of FIGURES) { const cell = cells[figure]; if (typeof cell === 'number') expect(cell === 0 || cell >= SMALLEST_TOLD).toBe(true); }
    }
  }
});

test('national-security requests of the United States are told in bands alone', () => {
  const { rows: [row] } = reportOn(many(3, { country: 'US', instrumentType: 'national_security' }));
  expect(new Set(Object.values(row!.cells))).toEqual(new Set(['0-999']));
});

test('a CSV cell that a spreadsheet would run is made text, and separators are quoted', () => {
  expect(csvOf(['a'], [['=HYPERLINK("x")'], ['+1'], ['@SUM(A1)'], [' -2'], ['a,b'], ['say "hi"'], ['two\nlines'], [-5]])).toBe('\uFEFFa\r\n"\'=HYPERLINK(""x"")"\r\n\'+1\r\n\'@SUM(A1)\r\n\' -2\r\n"a,b"\r\n"say ""hi"""\r\n"two\nlines"\r\n-5\r\n');
  expect(transparencyCsv(reportOn(many(6)))).toBe('\uFEFFcountry,instrument_type,requests,accounts,disclosed,rejected,challenged,narrowed,emergency,preservation,user_notified\r\nDE,court_order,6,6,0,0,0,0,0,0,0\r\nall,all,6,6,0,0,0,0,0,0,0\r\n');
});

test('amber goes to the owner, red to everybody who may work on it, and to nobody else', () => {
  const people = [{ operatorId: '1', email: 'sue@x.test', may: (permission: string) => permission === 'disputes.work' }, { operatorId: '2', email: 'ada@x.test', may: () => true }, { operatorId: '3', email: 'audrey@x.test', may: () => false }];
  expect(recipientsOf('dispute', 'amber', '1', people)).toEqual(['sue@x.test']);
  expect(recipientsOf('dispute', 'red', '1', people)).toEqual(['sue@x.test', 'ada@x.test']);
  expect(recipientsOf('lawful_request', 'amber', '1', people)).toEqual(['ada@x.test']);
  expect(reminderText({ number: 'L-2026-0001', clock: 'emergency_approval', stage: 'red', dueAt: new Date('2026-11-24T18:00:00Z'), timeZone: 'Europe/Berlin', link: 'https://x.test/c' }).subject).toBe('Case L-2026-0001: emergency approval is nearly due');
});

test('nothing that is not told can be worked out: every small group behind a printed row could have had another size', () => {
  // All there can be behind a row of at most 14 requests, by what would be printed of it.
  const behind = new Map<string, { small: Record<string, number> }[]>();
  for (let requests = 1; requests <= 16; requests += 1) {
    for (let disclosed = 0; disclosed <= requests; disclosed += 1) {
      for (let rejected = 0; disclosed + rejected <= requests; rejected += 1) {
        const { rows: [row], total } = reportOn([...many(disclosed, { disclosures: 1, accountId: 'one' }), ...many(rejected, { state: 'rejected', accountId: 'one' }), ...many(requests - disclosed - rejected, { accountId: 'one' })]);
        const printed = JSON.stringify([row!.cells, total]), list = behind.get(printed) ?? [];
        list.push({ small: { requests, disclosed, rejected, not_disclosed: requests - disclosed, not_rejected: requests - rejected, open: requests - disclosed - rejected } });
        behind.set(printed, list);
      }
    }
  }
  for (const [printed, candidates] of behind) {
    for (const group of ['requests', 'disclosed', 'rejected', 'not_disclosed', 'not_rejected', 'open']) {
      const sizes = new Set(candidates.map((one) => one.small[group]!));
      if (sizes.size === 1) { const [size] = [...sizes]; expect([printed, group, size! > 0 && size! < SMALLEST_TOLD]).toEqual([printed, group, false]); }
    }
  }
});

test('a figure that all requests but a few share is told as the least it can be, whatever the figure', () => {
  const { rows: [row] } = reportOn([...many(8, { moves: [{ move: 'give_notice' }] }), ...many(2)]);
  expect(row!.cells).toMatchObject({ requests: 10, user_notified: '≥6' });
});
