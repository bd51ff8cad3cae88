// Payments, invoices and reconciliation in a real browser: a file with a wrong line, a file that is taken in, a preview that is issued, sums that lead to their calls.
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { fixedClock } from '../../src/kernel/clock.js';
import { findChromium, launch, openPage, type Watched } from '../support/browser.js';
import { PASSWORD, startTestConsole, type TestConsole } from '../support/console.js';
import { makeWorld } from '../support/console-world.js';

const chromium = findChromium(), here = chromium ? test : test.skip, pictures = process.env['SCREENSHOTS'];
let console_: TestConsole, browser: Browser;
beforeAll(async () => {
  if (!chromium) return;
  const clock = fixedClock('2026-10-20T12:00:00.000Z');
  console_ = await startTestConsole({ clock });
  await makeWorld(console_.app, { calls: 10 });
  clock.set('2026-11-05T09:00:00.000Z');
  await console_.addOperator('officer@holdfast.test', 'compliance_officer');
  browser = await launch(chromium);
}, 120_000);
afterAll(async () => { if (chromium) { await browser.close(); await console_.close(); } });
const picture = async (page: Page, name: string): Promise<void> => { if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true }); };

async function signedIn(path: string, options: Parameters<typeof openPage>[2] = {}): Promise<Watched> {
  const watched = await openPage(browser, console_.url, options), { page } = watched;
  await page.goto(`${console_.url}/console${path}`);
  await page.getByLabel(/E-mail|电子邮箱/).fill('officer@holdfast.test');
  await page.getByLabel(/Password|密码/).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/console${path}`);
  return watched;
}
const csv = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

here('a file of payments names its wrong line, is put right, and is taken in as it was shown', async () => {
  const { page, context, trouble } = await signedIn('/pages/payments-import'), main = page.locator('main');
  await main.getByLabel(/^Processor/).fill('stripe');
  const head = 'payment_id,account,amount,currency,paid_at,method,card_last4';
  await main.getByLabel(/^CSV file/).setInputFiles(csv('november.csv', `${head}\npi_1,acme,12.50,USD,2026-10-01T10:00:00Z,card,4242\npi_2,acme,much,USD,2026-10-01T10:00:00Z,card,4242`));
  await main.getByRole('button', { name: 'Look at it' }).click();
  await main.getByText('amount: "much" is not an amount such as 12.50').waitFor();
  expect(await main.getByRole('button', { name: 'Take it in' }).count()).toBe(0);
  await picture(page, 'payments-wrong-line');
  await main.getByLabel(/^CSV file/).setInputFiles(csv('november.csv', `${head}\npi_1,acme,12.50,USD,2026-10-01T10:00:00Z,card,4242\npi_2,kuhn,7.00,USD,2026-10-01T10:00:00Z,card,4242`));
  await main.getByRole('button', { name: 'Look at it' }).click();
  await main.getByText('This file would add 2').waitFor();
  await picture(page, 'payments-preview');
  await main.getByRole('button', { name: 'Take it in' }).click();
  await main.getByText('2 added, 0 changed, 0 unchanged.').waitFor();
  expect(trouble).toEqual([]);
  await context.close();
});

here('an invoice is previewed, issued by its digest and downloaded from its page', async () => {
  const { page, context, trouble } = await signedIn('/pages/lookup');
  await page.locator('main').getByLabel('Purpose').selectOption('billing');
  await page.goto(`${console_.url}/console/resources/invoices`);
  await page.getByRole('button', { name: 'Preview an invoice' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Account/).fill('acme');
  await dialog.getByRole('button', { name: 'Preview an invoice' }).click();
  await dialog.getByText('Nothing is issued').waitFor();
  const digest = await dialog.locator('dd code', { hasText: /^[0-9a-f]{64}$/ }).innerText();
  await picture(page, 'invoice-preview');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Issue invoice' }).click();
  await page.getByRole('dialog').getByLabel(/^Account/).fill('acme');
  await page.getByRole('dialog').getByLabel(/^Digest/).fill(digest);
  await page.getByRole('dialog').getByRole('button', { name: 'Issue invoice' }).click();
  await page.getByText('INV-2026-000001').first().waitFor();
  const { rows: [issued] } = await console_.app.database.reader.query<{ id: string }>('SELECT invoice_id AS id FROM invoices');
  await page.goto(`${console_.url}/console/resources/invoices/records/${issued!.id}/show`);
  await page.getByRole('heading', { name: 'Lines' }).waitFor();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
  expect([file.suggestedFilename(), readFileSync(await file.path()).subarray(0, 5).toString()]).toEqual(['INV-2026-000001.pdf', '%PDF-']);
  await picture(page, 'invoice');
  expect(trouble).toEqual([]);
  await context.close();
});

here('a usage file is taken in and reconciled; a day and model narrow the lines, and a line leads to its call', async () => {
  const { page, context, trouble } = await signedIn('/pages/reconcile'), main = page.locator('main');
  await main.getByText('No usage file was taken in yet').waitFor();
  await picture(page, 'reconcile-empty');
  const { rows } = await console_.app.database.reader.query<{ id: string; input: string; output: string; model: string }>("SELECT upstream_request_id AS id, (usage_input + usage_cache_read)::text AS input, usage_output::text AS output, served_model AS model FROM calls WHERE provider_id = 'openai' ORDER BY request_id");
  await main.getByLabel(/^CSV file/).setInputFiles(csv('openai.csv', ['request_id,day,model,input_tokens,output_tokens', ...rows.slice(1).map((one, index) => `${one.id},2026-10-20,${one.model},${Number(one.input) + (index === 0 ? 400 : 0)},${one.output}`), 'theirs-1,2026-10-20,gpt-9,5,5'].join('\n')));
  await main.getByRole('button', { name: 'Look at it' }).click();
  await main.getByRole('button', { name: 'Take it in' }).click();
  await main.getByText('The file is taken in.').waitFor();
  await main.getByLabel('openai.csv').check();
  await main.getByLabel('Purpose').selectOption('billing');
  await main.getByRole('button', { name: 'Reconcile' }).click();
  await main.getByRole('heading', { name: 'What is not matched' }).waitFor();
  const lines = main.locator('section', { has: page.getByRole('heading', { name: 'What is not matched' }) }).locator('tbody tr');
  expect(await lines.count()).toBe(3);
  await main.getByRole('button', { name: 'gpt-9' }).click();
  expect(await lines.count()).toBe(1);
  await picture(page, 'reconcile');
  await main.getByRole('button', { name: 'gpt-9' }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), main.getByRole('button', { name: 'Download as CSV' }).click()]);
  expect(readFileSync(await file.path(), 'utf8')).toContain('theirs_only');
  await lines.getByRole('link').first().click();
  await page.waitForURL('**/pages/lookup**');
  await page.getByRole('heading', { name: 'Timeline' }).waitFor();
  expect(await page.locator('main section', { has: page.getByRole('heading', { name: 'Timeline' }) }).locator('li').allInnerTexts()).toEqual([expect.stringContaining('arrived'), expect.stringContaining('attempt 1 handed to OpenAI'), expect.stringContaining('first byte'), expect.stringMatching(/attempt 1 ended .*chatcmpl-world-/), expect.stringContaining('over, on record')]);
  await picture(page, 'timeline');
  expect(trouble).toEqual([]);
  await context.close();
});

here('in Chinese and on a phone the pages have their words and no sideways scroll', async () => {
  const { page, context, trouble } = await signedIn('/pages/reconcile', { width: 390, height: 800, locale: 'zh-CN' });
  for (const [path, title] of [['/pages/reconcile', '对账'], ['/pages/payments-import', '导入付款'], ['/pages/transparency', '透明度报告']] as const) {
    await page.goto(`${console_.url}/console${path}`);
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    expect([path, await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)]).toEqual([path, 0]);
    await picture(page, `zh-${path.split('/').at(-1)}`);
  }
  expect(await page.getByRole('link', { name: '下载 PDF' }).getAttribute('href')).toContain('transparency.pdf');
  expect(trouble).toEqual([]);
  await context.close();
});
