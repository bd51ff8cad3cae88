// A lawful request and an erasure walked in a real browser by three people, a dispute from the page of a call in two clicks, in both languages.
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { findChromium, launch, openPage, type Watched } from '../support/browser.js';
import { PASSWORD, startTestConsole, type TestConsole } from '../support/console.js';
import { makeWorld, type World } from '../support/console-world.js';
import { ok, system } from '../support/registry.js';
import { writeCalls, writeTransfers } from '../support/retention.js';

const chromium = findChromium();
const pictures = process.env['SCREENSHOTS'];
let console_: TestConsole, world: World, browser: Browser;
const people = new Map<string, Watched>();

beforeAll(async () => {
  if (!chromium) return;
  console_ = await startTestConsole();
  world = await makeWorld(console_.app, { calls: 12 });
  for (const [email, role] of [['ada', 'compliance_officer'], ['ben', 'approver'], ['cem', 'approver'], ['sue', 'support_agent']] as const) await console_.addOperator(`${email}@holdfast.test`, role);
  browser = await launch(chromium);
  for (const name of ['ada', 'ben', 'cem', 'sue']) people.set(name, await signedIn(name));
}, 240_000);
afterAll(async () => {
  if (!chromium) return;
  await browser.close();
  await console_.close();
});
const here = chromium ? test : test.skip;

async function signedIn(name: string): Promise<Watched> {
  const watched = await openPage(browser, console_.url), { page } = watched;
  await page.goto(`${console_.url}/console`);
  await page.getByLabel('E-mail').fill(`${name}@holdfast.test`);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('main h1').waitFor();
  return watched;
}
const of = (name: string): Page => people.get(name)!.page;
/** As tall as the page is: what scrolls inside would be cut off otherwise. */
const picture = async (page: Page, name: string): Promise<void> => {
  if (!pictures) return;
  const size = page.viewportSize()!;
  await page.setViewportSize({ width: size.width, height: await page.evaluate(() => Math.max(...[...document.querySelectorAll('main, body')].map((one) => one.scrollHeight + 80))) });
  await page.screenshot({ path: `${pictures}/${name}.png` });
  await page.setViewportSize(size);
};
/** Taken once: a walk over midnight must not ask for two days. */
const day = new Date().toISOString().slice(0, 10), today = (): string => day;

/** Fills the fields of the open dialog by label: text, choice of one, or choices as a list. */
async function fill(page: Page, fields: Readonly<Record<string, string | readonly string[]>>): Promise<void> {
  const dialog = page.getByRole('dialog');
  for (const [label, value] of Object.entries(fields)) {
    if (typeof value !== 'string') { for (const one of value) await dialog.getByLabel(one, { exact: true }).check(); continue; }
    const field = dialog.getByLabel(new RegExp(`^${label}`)).first();
    if (await field.evaluate((element) => element.tagName === 'SELECT')) await field.selectOption({ label: value }); else await field.fill(value);
  }
}

/** Who moved last: his page shows the case as it is, everyone else opens it anew. */
let last = '';
async function visit(name: string, path: string): Promise<Page> {
  const page = of(name);
  if (last !== name || new URL(page.url()).pathname !== `/console${path}`) await page.goto(`${console_.url}/console${path}`);
  last = name;
  return page;
}

/** The person opens the case and makes a move: button, form, confirmation. */
async function move(name: string, path: string, label: string, fields: Readonly<Record<string, string | readonly string[]>> = {}): Promise<void> {
  const page = await visit(name, path);
  await page.getByRole('button', { name: label, exact: true }).click();
  await fill(page, fields);
  await page.getByRole('dialog').getByRole('button', { name: label, exact: true }).click();
  // What the move did beside moving is shown once; without such the dialog ends by itself.
  const close = page.getByRole('dialog').getByRole('button', { name: 'Close' });
  await close.or(page.locator('body:not(:has(dialog))')).first().waitFor();
  if (await close.isVisible()) await close.click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** As `move`, but refused: answers what the dialog says. */
async function refusedMove(name: string, path: string, label: string, fields: Readonly<Record<string, string>> = {}): Promise<string> {
  const page = await visit(name, path);
  await page.getByRole('button', { name: label, exact: true }).click();
  await fill(page, fields);
  await page.getByRole('dialog').getByRole('button', { name: label, exact: true }).click();
  const said = await page.getByRole('dialog').getByRole('alert').first().innerText();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  return said;
}

async function openedPath(page: Page, list: string): Promise<string> {
  await page.waitForURL(new RegExp(`/resources/${list}/records/[0-9a-f-]{36}/show`));
  return new URL(page.url()).pathname.replace('/console', '');
}

here('a dispute is opened from the page of a call in two clicks, and leads to its case', async () => {
  const page = of('sue');
  await page.goto(`${console_.url}/console/pages/lookup?id=${world.calls[0]}`);
  await page.getByLabel('Purpose of reading').selectOption('dispute_resolution');
  await page.getByRole('button', { name: 'Find and record' }).click();
  await page.getByRole('button', { name: 'Open a dispute' }).click();
  await fill(page, { About: 'Billing', Complaint: 'Charged twice?' });
  await page.getByRole('dialog').getByRole('button', { name: 'Open a dispute' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await page.getByRole('link', { name: 'Go to the case' }).click();
  await page.getByRole('heading', { level: 1, name: /^D-\d{4}-0001$/ }).waitFor();
  await page.locator('.hf-badge', { hasText: 'Opened' }).first().waitFor();
  await page.getByRole('heading', { name: 'Timeline' }).waitFor();
  await picture(page, 'dispute');
  expect(people.get('sue')!.trouble).toEqual([]);
});

here('a lawful request is walked from intake to release by an officer and two approvers; four eyes are said where they lack', async () => {
  const ada = of('ada');
  await ada.goto(`${console_.url}/console/resources/lawful_requests`);
  await ada.getByText('Nothing here yet.').waitFor();
  await ada.getByRole('button', { name: 'Register a request' }).click();
  await fill(ada, { Account: 'acme', Authority: 'Staatsanwaltschaft Berlin', Country: 'DE', Instrument: 'Production order', Reference: '231 Js 17/26', 'Came by': 'Post', 'Served on': today(), Regime: 'Other', 'Asked for': 'Who called yesterday?' });
  await ada.getByRole('dialog').getByRole('button', { name: 'Register a request' }).click();
  const path = await openedPath(ada, 'lawful_requests');
  // Without the instrument on file the first move says what is missing.
  expect(await refusedMove('ada', path, 'Intake complete')).toContain('file the instrument first');
  const order = join(console_.home, 'order.pdf');
  writeFileSync(order, '%PDF-1.7 the order');
  await ada.getByLabel('File (at most 20 MB)').setInputFiles(order);
  await ada.getByRole('button', { name: 'Store sealed' }).click();
  await ada.getByRole('link', { name: 'order.pdf' }).waitFor();
  await move('ada', path, 'Intake complete');
  await move('ada', path, 'It is authentic', { 'Checked by': 'Call back to a known number', Contact: '+49 30 9014 0', Officer: 'StA Example' });
  await move('ada', path, 'May be answered from here', { 'Entity served': 'Example GmbH', 'Data held in': 'DE' });
  await move('ada', path, 'Propose scope', { 'Legal basis': '§ 95 StPO', types: ['API call metadata', 'Third-party call records'], From: today(), To: today() });
  expect(await refusedMove('ada', path, 'Approve as counsel')).toContain('needs another person');
  await move('ben', path, 'Approve as counsel');
  expect(await refusedMove('ben', path, 'Approve as second')).toContain('needs another person');
  await move('cem', path, 'Approve as second');
  await move('ada', path, 'Collect');
  await move('ada', path, 'Minimised', { 'Taken out': 'nothing beyond the scope was there' });
  await move('ben', path, 'Approve release');
  await move('ada', path, 'Release', { Recipient: 'StA Example', 'Delivered by': 'Encrypted mail' });
  await ada.locator('.hf-badge', { hasText: 'Delivered' }).first().waitFor();
  await move('ada', path, 'Record receipt', { 'Received on': today(), Receipt: 'signed by StA Example' });
  await move('ada', path, 'User notified', { 'Told on': today(), 'Told how': 'e-mail to the customer' });
  await ada.locator('.hf-badge', { hasText: 'Closed' }).first().waitFor();
  await picture(ada, 'lawful-request');
  await ada.setViewportSize({ width: 390, height: 844 });
  await picture(ada, 'lawful-request-390');
  await ada.setViewportSize({ width: 1280, height: 900 });
  await ada.goto(`${console_.url}/console/resources/disclosures`);
  await ada.locator('tbody tr', { hasText: 'Staatsanwaltschaft Berlin' }).waitFor();
  await ada.goto(`${console_.url}/console/pages/transparency`);
  await ada.getByRole('cell', { name: '<5' }).first().waitFor();
  await picture(ada, 'transparency');
  for (const name of ['ada', 'ben', 'cem']) expect([name, people.get(name)!.trouble]).toEqual([name, []]);
}, 240_000);

/** An account with calls and their transfers of yesterday: the calls may go at once, the transfers are kept by law. */
async function customer(accountId: string): Promise<void> {
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  ok(await console_.app.act(system, (tx) => console_.app.billing.openAccount(tx, { accountId, name: `${accountId} GmbH`, jurisdiction: 'DE', contact: `dpo@${accountId}.test` })));
  await writeCalls(console_.app, yesterday, { [accountId]: 4 });
  await writeTransfers(console_.app, yesterday, { [accountId]: 4 });
}

here('an erasure is walked from intake to its certificate: restricted on acceptance, erased after another person approved, and told what stays and why', async () => {
  await customer('muster');
  const sue = of('sue');
  await sue.goto(`${console_.url}/console/resources/subject_requests`);
  await sue.getByRole('button', { name: 'Register a request' }).click();
  await fill(sue, { Account: 'muster', Right: 'Erasure', Law: 'GDPR', 'Person': 'Erika Muster', 'Contact of the person': 'erika@example.test', 'Came by': 'E-mail', 'Asked for': 'Delete everything about me.' });
  await sue.getByRole('dialog').getByRole('button', { name: 'Register a request' }).click();
  const path = await openedPath(sue, 'subject_requests');
  await move('sue', path, 'Acknowledge', { 'Told on': today() });
  await move('sue', path, 'Identity verified', { 'Verified by': 'E-mail and two facts', Evidence: 'loop closed' });
  await move('sue', path, 'Set scope', { types: ['Account information', 'API call metadata', 'Third-party call records'] });
  await move('sue', path, 'Collect');
  await move('sue', path, 'Propose answer', { Answer: 'Whole' });
  await move('ben', path, 'Approve erasure report');
  await move('sue', path, 'Check floors and holds', { 'Report sent on': today() });
  await picture(sue, 'erasure-restricted');
  expect(await refusedMove('cem', path, 'Approve erasure')).toContain('may object until');
  // Seven days pass in the database alone: sessions of people would end meanwhile.
  await console_.app.database.pool.query("UPDATE case_clocks SET amber_at = started_at, red_at = started_at, due_at = started_at WHERE name = 'cooling_off'");
  await move('cem', path, 'Approve erasure');
  await move('ada', path, 'Execute erasure');
  const conclude = { 'Third parties told': 'none had data', Backups: 'gone after 30 days' };
  expect(await refusedMove('ada', path, 'Conclude erasure', conclude)).toContain('the erasure is running');
  // What the worker does every minute.
  const [erasure] = await console_.app.retention.erasures({ accountId: 'muster' });
  await console_.app.retention.runErasure(erasure!.erasureId);
  await move('ada', path, 'Conclude erasure', conclude);
  await move('sue', path, 'Answer sent', { 'Sent on': today(), 'Sent how': 'e-mail' });
  await sue.locator('.hf-badge', { hasText: 'Closed' }).first().waitFor();
  await picture(sue, 'erasure');
  const ada = of('ada');
  await ada.goto(`${console_.url}/console/resources/erasures/records/${erasure!.erasureId}/show`);
  await ada.getByRole('heading', { name: 'What stays, restricted' }).waitFor();
  await ada.getByRole('row', { name: /Third-party call records/ }).first().waitFor();
  await picture(ada, 'erasure-record');
  expect((await console_.app.database.pool.query("SELECT 1 FROM calls WHERE account_id = 'muster'")).rows).toEqual([]);
  for (const name of ['sue', 'ben', 'cem', 'ada']) expect([name, people.get(name)!.trouble]).toEqual([name, []]);
}, 240_000);

here('an erasure without a case: one operator counts it and asks, another approves what was counted, and the page follows it to its certificate', async () => {
  await customer('nolte');
  const ada = of('ada'), ben = of('ben');
  last = '';
  await ada.goto(`${console_.url}/console/pages/erasure`);
  await picture(ada, 'erasure-page');
  await ada.getByRole('button', { name: 'Preview' }).click();
  await ada.getByRole('alert').waitFor();
  await ada.getByLabel(/^Account/).fill('nolte');
  await ada.getByRole('button', { name: 'Preview' }).click();
  await ada.getByRole('row', { name: /API call metadata 4 4 0/ }).waitFor();
  await ada.getByRole('row', { name: /Third-party call records 8 0 8/ }).waitFor();
  await ada.getByLabel('API call metadata').check();
  await ada.getByRole('button', { name: 'Preview' }).click();
  await ada.getByRole('row', { name: /API call metadata 4 4 0/ }).waitFor();
  await picture(ada, 'erasure-preview');
  await ada.getByRole('button', { name: 'Restrict, and ask a second person' }).click();
  await fill(ada, { Ground: 'GDPR art. 17', Reason: 'request of the customer' });
  await ada.getByRole('dialog').getByRole('button', { name: 'Restrict, and ask a second person' }).click();
  await ada.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await ada.getByRole('link', { name: 'Waits for a second person' }).waitFor();
  await ben.goto(`${console_.url}/console/pages/approvals`);
  const request = ben.getByRole('article', { name: /^Erase a subject’s data/ });
  await request.waitFor();
  await picture(ben, 'erasure-approval');
  await request.getByRole('button', { name: 'Approve' }).click();
  await ben.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await ben.getByRole('dialog').waitFor({ state: 'detached' });
  const [erasure] = await console_.app.retention.erasures({ accountId: 'nolte' });
  await console_.app.retention.runErasure(erasure!.erasureId);
  await ada.getByText('4 rows erased, 0 restricted').waitFor();
  await picture(ada, 'erasure-done');
  await ada.setViewportSize({ width: 390, height: 844 });
  await picture(ada, 'erasure-done-390');
  await ada.getByRole('button', { name: '中文' }).click();
  await ada.getByRole('heading', { level: 1, name: '单一主体数据删除' }).waitFor();
  await picture(ada, 'erasure-390-zh');
  await ada.getByRole('button', { name: 'English' }).click();
  await ada.setViewportSize({ width: 1280, height: 900 });
  await ada.getByRole('link', { name: 'API call metadata', exact: true }).first().click();
  await ada.locator('tbody tr').first().waitFor();
  for (const name of ['ben', 'ada']) expect([name, people.get(name)!.trouble]).toEqual([name, []]);
}, 240_000);

here('the workbench speaks Chinese, and its forms can be worked by keyboard alone', async () => {
  const page = of('sue');
  await page.goto(`${console_.url}/console/resources/disputes`);
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('heading', { level: 1, name: '争议' }).waitFor();
  const button = page.getByRole('button', { name: '开立争议' });
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: '开立争议' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await button.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
  await picture(page, 'disputes-zh');
});
