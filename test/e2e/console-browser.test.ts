// A day at the console in a real browser: sign in, look, look a call up, change something, purge, in both languages and on a phone.
import type { Browser, Page } from 'playwright-core';
import { startWorker } from '../../src/entrypoints/jobs/worker.js';
import { approveAll } from '../support/approvals.js';
import { findChromium, launch, openPage, type Watched } from '../support/browser.js';
import { PASSWORD, startTestConsole, type TestConsole } from '../support/console.js';
import { makeWorld, type World } from '../support/console-world.js';
import { writeCalls } from '../support/retention.js';

const chromium = findChromium();
if (!chromium) console.warn('no Chromium on this machine: the console is not tested in a browser (apt-get install chromium, or name one in CHROMIUM)');
const HOSTILE = '</script><script>globalThis.hostile = 1</script><img src=x onerror="globalThis.hostile = 2">';

let console_: TestConsole, world: World, browser: Browser, worker: { close(): Promise<void> };
const stop = new AbortController();
/** Folder for pictures of what the tests see; none are taken without it. */
const pictures = process.env['SCREENSHOTS'];
let sealing: Promise<void>;

beforeAll(async () => {
  if (!chromium) return;
  const redis = new URL(process.env['TEST_REDIS_URL'] ?? '');
  redis.pathname = '/15';
  console_ = await startTestConsole({ env: { REDIS_URL: redis.toString() } });
  world = await makeWorld(console_.app, { calls: 40, hostile: HOSTILE });
  await writeCalls(console_.app, '2025-10-01', { globex: 40, kuhn: 12 });
  await console_.addOperator('officer@holdfast.test', 'compliance_officer');
  worker = await startWorker(console_.app);
  sealing = console_.app.ledger.runSealer(stop.signal);
  browser = await launch(chromium);
}, 120_000);
afterAll(async () => {
  if (!chromium) return;
  await browser.close();
  stop.abort();
  await sealing;
  for (const { name } of await console_.app.queue().upcoming()) await console_.app.queue().schedule(name, null, 'UTC');
  await worker.close();
  await console_.close();
});
const here = chromium ? test : test.skip;

async function signedIn(options: Parameters<typeof openPage>[2] = {}): Promise<Watched> {
  const watched = await openPage(browser, console_.url, options), { page } = watched;
  await page.goto(`${console_.url}/console/pages/lookup`);
  await page.getByLabel(/E-mail|电子邮箱/).fill('officer@holdfast.test');
  await page.getByLabel(/Password|密码/).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/console/pages/lookup');
  return watched;
}
const picture = async (page: Page, name: string): Promise<void> => { if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` }); };
const noHostile = (page: Page): Promise<unknown> => page.evaluate('globalThis.hostile');

here('signing in leads where one wanted to go; pages violate no policy, ask nothing outside and run no foreign script', async () => {
  const { page, context, trouble } = await signedIn();
  for (const path of ['', '/resources/accounts', '/resources/accounts/records/acme/show', '/resources/providers', '/resources/policies', '/resources/audit', '/pages/purge', '/resources/operators']) {
    await page.goto(`${console_.url}/console${path}`);
    await page.locator('main h1').waitFor();
    await page.waitForLoadState('networkidle');
  }
  expect(await noHostile(page)).toBeUndefined();
  await page.goto(`${console_.url}/console/resources/accounts`);
  await page.getByLabel('Purpose').selectOption('security_audit');
  await page.getByRole('link', { name: 'acme' }).press('Enter');
  await page.getByRole('heading', { level: 1, name: HOSTILE }).waitFor();
  expect(await noHostile(page)).toBeUndefined();
  expect(trouble).toEqual([]);
  await context.close();
});

here('the whole story of a call is read with a purpose, from the list and from a link', async () => {
  const { page, context, trouble } = await signedIn();
  await page.goto(`${console_.url}/console/resources/calls`);
  await page.getByRole('heading', { name: 'Why are you reading this?' }).waitFor();
  expect(await page.locator('table').count()).toBe(0);
  await page.getByLabel('Purpose').selectOption('dispute_resolution');
  await page.locator('tbody tr').first().waitFor();
  await picture(page, 'calls');
  // From the list, where the purpose is named, one click opens the story; a link from elsewhere waits for the reader's word.
  await page.locator('tbody td').first().click();
  await page.getByRole('heading', { name: 'Ledger proof' }).waitFor();
  await page.goto(`${console_.url}/console/pages/lookup?id=${world.upstreamId}`);
  await page.waitForLoadState('networkidle');
  expect(await page.getByRole('heading', { name: 'Ledger proof' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Find and record' }).click();
  await page.getByText('Verified now: every record of this call is in the signed log.').waitFor();
  await page.getByText('OpenAI OpCo, LLC').waitFor();
  expect(new URL(page.url()).searchParams.get('id')).toBe(world.calls[0]);
  await page.locator('.hf-badge', { hasText: 'Cross-border' }).waitFor();
  await picture(page, 'call');
  expect(trouble).toEqual([]);
  await context.close();
});

here('an evidence pack is asked for on the page of the call and can be taken away when it is ready', async () => {
  const { page, context, trouble } = await signedIn();
  await page.goto(`${console_.url}/console/pages/lookup?id=${world.calls[0]}`);
  await page.getByLabel('Purpose of reading').selectOption('dispute_resolution');
  await page.getByRole('button', { name: 'Find and record' }).click();
  await page.getByRole('button', { name: 'Request evidence pack' }).click();
  await page.getByRole('dialog').getByLabel(/Question/).fill('What was charged?');
  await page.getByRole('dialog').getByRole('button', { name: 'Request pack' }).click();
  const link = page.getByRole('link', { name: 'Download PDF' });
  await link.waitFor({ timeout: 30_000 });
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  expect(download.suggestedFilename()).toMatch(/^EP-[0-9a-f]{12}\.pdf$/);
  expect(trouble).toEqual([]);
  await context.close();
});

here('a change asks first, says what is wrong at the field, can be left by Escape, and gives the focus back', async () => {
  const { page, context, trouble } = await signedIn();
  await page.goto(`${console_.url}/console/resources/providers/records/openai/show`);
  const button = page.getByRole('button', { name: 'Suspend' });
  await button.click();
  const dialog = page.getByRole('dialog', { name: 'Suspend' });
  await dialog.waitFor();
  expect(await console_.app.database.reader.query("SELECT 1 FROM providers WHERE status = 'suspended'")).toMatchObject({ rows: [] });
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
  await button.click();
  await dialog.getByRole('button', { name: 'Suspend' }).click();
  const reason = dialog.getByLabel(/Reason/);
  await dialog.getByRole('alert').waitFor();
  expect([await reason.getAttribute('aria-invalid'), await reason.evaluate((element) => element === document.activeElement)]).toEqual(['true', true]);
  expect(await reason.getAttribute('aria-describedby')).toContain(await dialog.getByRole('alert').getAttribute('id'));
  await reason.fill('terms changed without notice');
  await dialog.getByRole('button', { name: 'Suspend' }).click();
  await page.getByRole('status').filter({ hasText: 'The provider is suspended.' }).waitFor();
  await page.getByRole('button', { name: 'Resume' }).waitFor();
  expect((await console_.app.database.reader.query("SELECT actor_name, reason FROM audit_records WHERE action = 'provider.suspend'")).rows).toEqual([{ actor_name: 'Pat of compliance_officer', reason: 'terms changed without notice' }]);
  expect(trouble).toEqual([]);
  await context.close();
});

here('a purge is previewed, started with a reason, and followed to its certificate', async () => {
  const { page, context, trouble } = await signedIn();
  await page.goto(`${console_.url}/console/pages/purge`);
  const due = page.getByRole('article').filter({ hasText: 'API call metadata' });
  await due.getByText('40', { exact: true }).first().waitFor();
  await due.getByText('12 rows stay (accounts: 1)').waitFor();
  await picture(page, 'purge');
  await due.getByRole('button', { name: /Run purge/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/Reason/).fill('monthly clean-up, ticket 4711');
  await dialog.getByRole('button', { name: 'Run purge' }).click();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('link', { name: 'Waits for a second person' }).waitFor();
  await approveAll(console_.app);
  for (const { runId } of await console_.app.retention.openRuns()) await console_.app.queue().enqueue('run-purge', runId);
  const run = page.getByRole('listitem').filter({ hasText: '40 rows removed' });
  await run.getByRole('link', { name: 'Certificate' }).waitFor({ timeout: 30_000 });
  await picture(page, 'purge-run');
  await run.getByRole('link', { name: 'Certificate' }).click();
  await page.locator('tbody td').first().click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
  expect(download.suggestedFilename()).toMatch(/^purge-certificate-.*\.json$/);
  expect(trouble).toEqual([]);
  await context.close();
});

here('the language is switched on every page and stays, the login included', async () => {
  const { page, context, trouble } = await signedIn();
  await page.goto(`${console_.url}/console`);
  await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
  await picture(page, 'home');
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('heading', { level: 1, name: '主页' }).waitFor();
  expect(await page.evaluate('document.documentElement.lang')).toBe('zh-CN');
  await page.goto(`${console_.url}/console/resources/policies`);
  await page.getByRole('heading', { level: 1, name: '留存策略' }).waitFor();
  await page.getByRole('button', { name: '发布策略' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '发布策略' }).click();
  await page.getByRole('dialog').getByText('必填', { exact: true }).first().waitFor();
  await page.keyboard.press('Escape');
  // What is left in Latin letters is names, codes and brands, never a label that was forgotten.
  const text = await page.locator('nav, main h1, main th, main button').allInnerTexts();
  expect(text.join(' ').replaceAll(/Holdfast|API|Europe\/Berlin|English/g, '').match(/[A-Za-z]{4,}/g)).toBeNull();
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.getByRole('heading', { name: '登录' }).waitFor();
  expect(trouble).toEqual([]);
  await context.close();
});

here('on a phone nothing is cut off, and the menu opens', async () => {
  const { page, context, trouble } = await signedIn({ width: 390, height: 844 });
  for (const path of ['', '/resources/accounts', '/resources/providers', '/resources/audit', '/pages/purge', '/pages/lookup', '/resources/accounts/records/acme/show']) {
    await page.goto(`${console_.url}/console${path}`);
    if (path === '/resources/accounts') await page.getByLabel('Purpose').selectOption('billing');
    await page.locator('main h1').waitFor();
    await page.waitForLoadState('networkidle');
    expect([path, await page.evaluate('document.querySelector("main").scrollWidth <= window.innerWidth && document.documentElement.scrollWidth <= window.innerWidth')]).toEqual([path, true]);
  }
  await picture(page, 'phone');
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('link', { name: 'Holds' }).click();
  await page.getByRole('heading', { level: 1, name: 'Holds' }).waitFor();
  expect(trouble).toEqual([]);
  await context.close();
});

here('a session that ended in the middle of work leads to the login and back', async () => {
  const { page, context, trouble } = await signedIn();
  // From a page that asks nothing by itself: the home board would find the session ended before we click.
  await page.getByRole('link', { name: 'Verify a file' }).click();
  await page.getByRole('heading', { level: 1, name: 'Verify a file' }).waitFor();
  await console_.app.database.pool.query('DELETE FROM console_sessions');
  await page.getByRole('link', { name: 'Providers' }).click();
  await page.waitForURL('**/console/login?next=*');
  await page.getByLabel('E-mail').fill('officer@holdfast.test');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Providers' }).waitFor();
  expect(trouble).toEqual([]);
  await context.close();
});
