// Usage, limits and prices in a real browser: a chart that says what its table says, a form that sets a budget, a bar that shows it, a file.
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { findChromium, launch, openPage, type Watched } from '../support/browser.js';
import { PASSWORD, startTestConsole, type TestConsole } from '../support/console.js';
import { makeWorld } from '../support/console-world.js';

const chromium = findChromium(), here = chromium ? test : test.skip, pictures = process.env['SCREENSHOTS'];
let console_: TestConsole, browser: Browser;
beforeAll(async () => {
  if (!chromium) return;
  console_ = await startTestConsole();
  await makeWorld(console_.app, { calls: 40 });
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

here('a budget is set by the form of an account and shown as a bar beside the chart of its usage', async () => {
  const { page, context, trouble } = await signedIn('/pages/usage');
  await page.locator('main').getByLabel('Purpose').selectOption('billing');
  await page.goto(`${console_.url}/console/resources/accounts/records/acme/show`);
  await page.getByRole('button', { name: 'Set limits' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Budget', { exact: false }).first().fill('ten');
  await dialog.getByRole('button', { name: 'Set limits' }).click();
  await dialog.getByText('an amount such as 250 or 99.50').waitFor();
  await picture(page, 'limits-form');
  await dialog.getByLabel('Budget', { exact: false }).first().fill('0.25');
  await dialog.getByRole('button', { name: 'Set limits' }).click();
  await dialog.waitFor({ state: 'detached' });

  await page.goto(`${console_.url}/console/pages/usage?account=acme&by=model`);
  await page.getByRole('progressbar').first().waitFor();
  expect(await page.getByRole('progressbar').first().getAttribute('aria-label')).toMatch(/ of 0\.25 USD$/);
  expect(await page.locator('main table tbody tr').count()).toBeGreaterThan(0);
  expect(await page.locator('main figure svg rect.hf-bar-completed').count()).toBeGreaterThan(0);
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download as CSV' }).click()]);
  expect(readFileSync(await file.path(), 'utf8')).toMatch(/^model,currency,calls/);
  await picture(page, 'usage-by-model');
  await page.getByLabel('By', { exact: true }).selectOption('day');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.locator('main th', { hasText: 'Day' }).waitFor();
  await picture(page, 'usage-by-day');
  expect(trouble).toEqual([]);
  await context.close();
});

here('in Chinese and on a phone the page has its words and no sideways scroll', async () => {
  const { page, context, trouble } = await signedIn('/pages/usage', { locale: 'zh-CN', width: 390, height: 800 });
  await page.locator('main').getByLabel('用途').selectOption('billing');
  await page.getByRole('button', { name: '显示', exact: true }).click();
  await page.locator('main table tbody tr').first().waitFor();
  expect(await page.locator('main h1').innerText()).toBe('用量与费用');
  expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
  await picture(page, 'usage-phone-zh');
  expect(trouble).toEqual([]);
  await context.close();
});
