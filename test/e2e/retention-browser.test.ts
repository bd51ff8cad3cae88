// Retention in a real browser: simulate a draft, ask for approval, approve as somebody else, purge, change the schedule; by keyboard, in Chinese, on a phone.
import type { Browser, Page } from 'playwright-core';
import { findChromium, launch, openPage, type Watched } from '../support/browser.js';
import { PASSWORD, startTestConsole, type TestConsole } from '../support/console.js';
import { makeWorld } from '../support/console-world.js';
import { writeCalls } from '../support/retention.js';

const chromium = findChromium(), here = chromium ? test : test.skip;
/** Folder for pictures of what the tests see; none are taken without it. */
const pictures = process.env['SCREENSHOTS'];
let console_: TestConsole, browser: Browser;

beforeAll(async () => {
  if (!chromium) return;
  console_ = await startTestConsole();
  await makeWorld(console_.app, { calls: 12 });
  for (const [day, counts] of [['2025-10-01', { globex: 40, kuhn: 12 }], ['2026-04-01', { globex: 70, kuhn: 5 }], ['2026-04-02', { globex: 30 }], ['2026-04-05', { globex: 90, kuhn: 20 }]] as const) await writeCalls(console_.app, day, counts);
  await console_.addOperator('officer@holdfast.test', 'compliance_officer');
  await console_.addOperator('approver@holdfast.test', 'approver');
  browser = await launch(chromium);
}, 120_000);
afterAll(async () => {
  if (!chromium) return;
  await browser.close();
  await console_.close();
});

async function signedIn(email: string, path: string, options: Parameters<typeof openPage>[2] = {}): Promise<Watched> {
  const watched = await openPage(browser, console_.url, options), { page } = watched;
  await page.goto(`${console_.url}/console${path}`);
  await page.getByLabel(/E-mail|电子邮箱/).fill(email);
  await page.getByLabel(/Password|密码/).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/console${path}`);
  return watched;
}
const picture = async (page: Page, name: string): Promise<void> => { if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` }); };

here('a draft is simulated, and shortening is asked for with the counts in sight; the approver sees the same and approves', async () => {
  const { page, context, trouble } = await signedIn('officer@holdfast.test', '/pages/retention');
  await page.getByRole('heading', { name: 'Draft and simulation' }).waitFor();
  const draft = page.locator('#hf-draft');
  await draft.getByRole('button', { name: 'Simulate' }).click();
  await draft.getByText('required', { exact: true }).first().waitFor();
  await draft.getByLabel(/Data type/).selectOption('api_call_metadata');
  await draft.getByLabel(/Keep for/).fill('P6M');
  // By keyboard alone from here to the figures.
  await draft.getByLabel(/Keep for/).press('Enter');
  const result = draft.getByRole('region', { name: 'What it would delete' });
  await result.getByRole('row', { name: /Rows due/ }).waitFor();
  expect(await result.getByRole('row', { name: /Rows due/ }).innerText()).toMatch(/40\s+230/);
  expect(await result.getByRole('row', { name: /Held rows/ }).innerText()).toMatch(/12\s+37/);
  expect(await result.getByRole('img').getAttribute('aria-label')).toContain('table below');
  await result.getByText('As a table').click();
  expect(await result.getByRole('row', { name: /2026-04-05/ }).innerText()).toMatch(/0\s+90\s+20/);
  await picture(page, 'simulation');
  await draft.getByRole('button', { name: 'Ask for approval…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('190 rows more than today would be due (230 in all, of 1 accounts)').waitFor();
  await dialog.getByLabel(/^Source/).fill('Decision 12 of the board');
  await dialog.getByRole('button', { name: 'Publish policy' }).click();
  await dialog.getByText(/shorter than P12M/).waitFor();
  await dialog.getByLabel(/I know that shortening/).check();
  await dialog.getByRole('button', { name: 'Publish policy' }).click();
  await dialog.getByText('Approval', { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.goto(`${console_.url}/console/pages/approvals`);
  await page.getByRole('link', { name: /Approvals.*1 wait/ }).waitFor();
  await page.getByText('You asked for this yourself').waitFor();
  expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
  expect(trouble).toEqual([]);
  await context.close();

  const other = await signedIn('approver@holdfast.test', '/pages/approvals'), card = other.page.getByRole('article', { name: /Shorten a policy/ });
  await card.getByText('230').first().waitFor();
  await picture(other.page, 'approval');
  await card.getByRole('button', { name: 'Approve' }).click();
  await other.page.getByRole('dialog').getByText(/Rows due by it: 230/).waitFor();
  await other.page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await other.page.getByText('Nothing waits for a second person.').waitFor();
  await other.page.goto(`${console_.url}/console/pages/retention`);
  await other.page.getByRole('row', { name: /API call metadata.*6 months.*Scheduled/ }).waitFor();
  expect(other.trouble).toEqual([]);
  await other.context.close();
});

here('a run by hand waits for the second person, and the schedule shows its next runs', async () => {
  const { page, context, trouble } = await signedIn('officer@holdfast.test', '/pages/purge');
  await page.getByRole('button', { name: 'Change schedule' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/Cron expression/).fill('whenever');
  await dialog.getByRole('button', { name: 'Change schedule' }).click();
  await dialog.getByText(/is not a cron expression/).waitFor();
  await dialog.getByLabel(/Cron expression/).fill('15 2 * * 6');
  await dialog.getByLabel(/Time zone/).fill('Asia/Shanghai');
  await dialog.getByRole('button', { name: 'Change schedule' }).click();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.getByText('15 2 * * 6').waitFor();
  const due = page.getByRole('article').filter({ hasText: 'API call metadata' });
  await due.getByRole('button', { name: /Run purge/ }).click();
  await dialog.getByLabel(/Reason/).fill('monthly clean-up');
  await dialog.getByRole('button', { name: 'Run purge' }).click();
  await dialog.getByRole('button', { name: 'Close' }).click();
  const run = page.getByRole('listitem').filter({ hasText: 'Waits for a second person' });
  await run.getByRole('button', { name: 'Pause' }).waitFor();
  await picture(page, 'purge-waits');
  await run.getByRole('button', { name: 'Cancel run' }).click();
  await dialog.getByLabel(/Reason/).fill('not this week');
  await dialog.getByRole('button', { name: 'Cancel run' }).click();
  await page.getByRole('listitem').filter({ hasText: 'Cancelled' }).waitFor();
  expect(trouble).toEqual([]);
  await context.close();
});

here('both pages are whole in Chinese and on a phone', async () => {
  const { page, context, trouble } = await signedIn('officer@holdfast.test', '/pages/retention', { width: 390, height: 844 });
  for (const path of ['/pages/retention', '/pages/approvals', '/pages/purge']) {
    await page.goto(`${console_.url}/console${path}`);
    await page.locator('main h2').first().waitFor();
    await page.waitForLoadState('networkidle');
    expect([path, await page.evaluate('document.querySelector("main").scrollWidth <= window.innerWidth && document.documentElement.scrollWidth <= window.innerWidth')]).toEqual([path, true]);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByRole('button', { name: '中文' }).click();
  for (const [path, title] of [['/pages/retention', '留存策略'], ['/pages/approvals', '审批']] as const) {
    await page.goto(`${console_.url}/console${path}`);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await page.waitForLoadState('networkidle');
    const text = await page.locator('nav, main h1, main h2, main th, main button').allInnerTexts();
    expect(text.join(' ').replaceAll(/Holdfast|API|Europe\/Berlin|English|Cron/g, '').match(/[A-Za-z]{4,}/g)).toBeNull();
  }
  await picture(page, 'retention-zh');
  expect(trouble).toEqual([]);
  await context.close();
});
