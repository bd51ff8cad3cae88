// A hold from its placing to its release by two people, and what the page that explains a record says meanwhile; in English, in Chinese on a phone.
import type { Browser, Page } from 'playwright-core';
import { findChromium, launch, openPage, type Watched } from '../support/browser.js';
import { PASSWORD, startTestConsole, type TestConsole } from '../support/console.js';
import { makeWorld, type World } from '../support/console-world.js';

const chromium = findChromium(), here = chromium ? test : test.skip, pictures = process.env['SCREENSHOTS'];
let console_: TestConsole, browser: Browser, world: World;
beforeAll(async () => {
  if (!chromium) return;
  console_ = await startTestConsole({ env: { HOLDFAST_TIME_ZONE: 'Asia/Shanghai' } });
  world = await makeWorld(console_.app, { calls: 6 });
  for (const [email, role] of [['officer', 'compliance_officer'], ['approver', 'approver'], ['auditor', 'auditor']] as const) await console_.addOperator(`${email}@holdfast.test`, role);
  browser = await launch(chromium);
}, 120_000);
afterAll(async () => {
  if (!chromium) return;
  await browser.close();
  await console_.close();
});

async function signedIn(name: string, path: string, options: Parameters<typeof openPage>[2] = {}): Promise<Watched> {
  const watched = await openPage(browser, console_.url, options), { page } = watched;
  await page.goto(`${console_.url}/console${path}`);
  await page.getByLabel(/E-mail|电子邮箱/).fill(`${name}@holdfast.test`);
  await page.getByLabel(/Password|密码/).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/console${path}`);
  return watched;
}
const picture = async (page: Page, name: string): Promise<void> => { if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` }); };

here('a record is explained, held by whole days of the operator\'s zone, the hold is widened, and released by a second person', async () => {
  const { page, context, trouble } = await signedIn('officer', '/pages/explain'), id = world.calls[0]!;
  await page.getByRole('heading', { name: 'Why is this record kept, and until when?' }).waitFor();
  // By keyboard alone.
  await page.getByLabel(/Data type/).selectOption('api_call_metadata');
  await page.getByLabel(/Id of the record/).fill('nonsense');
  await page.keyboard.press('Enter');
  await page.getByText(/no record nonsense|No such thing/).first().waitFor();
  await page.getByLabel(/Id of the record/).fill(id);
  await page.keyboard.press('Enter');
  await page.getByText(/It goes with the first purge run after/).waitFor();
  await page.getByRole('row', { name: /all accounts.*12 months.*this one decides/ }).waitFor();
  await page.getByText('No hold covers it.').waitFor();
  await page.getByText('Days are counted in the time zone Asia/Shanghai.').waitFor();

  await page.goto(`${console_.url}/console/resources/holds`);
  await page.getByRole('button', { name: 'Place hold' }).click();
  const dialog = page.getByRole('dialog'), today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date());
  await dialog.getByLabel(/^Account/).fill('acme');
  await dialog.getByLabel(/^Matter/).fill('Dispute 2026-31');
  await dialog.getByLabel(/^Requested by/).fill('Legal');
  await dialog.getByLabel(/^Basis/).fill('Chargeback announced');
  await dialog.getByLabel(/^Review/).fill('2099-01-31');
  await dialog.getByLabel(/^From/).fill('2020-01-01');
  await dialog.getByLabel(/^To day/).fill(today);
  await picture(page, 'hold');
  await dialog.getByRole('button', { name: 'Place hold' }).click();
  await dialog.getByRole('button', { name: 'Close' }).click();
  const { rows: [hold] } = await console_.app.database.reader.query<{ hold_id: string; scope_from: Date; scope_until: Date }>("SELECT * FROM holds WHERE matter = 'Dispute 2026-31'");
  expect(hold).toBeDefined();

  await page.goto(`${console_.url}/console/pages/explain?data_type=api_call_metadata&id=${id}`);
  await page.getByText('Held: it is not deleted while a hold covers it.').waitFor();
  await page.getByRole('link', { name: 'Dispute 2026-31' }).waitFor();
  await picture(page, 'explain');
  await page.getByRole('link', { name: 'Dispute 2026-31' }).click();
  await page.getByRole('button', { name: 'Extend' }).click();
  await page.getByRole('dialog').getByLabel(/Take the end away/).check();
  await page.getByRole('dialog').getByLabel(/^Reason/).fill('The scheme asked for more');
  await page.getByRole('dialog').getByRole('button', { name: /Extend/ }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: /Release/ }).click();
  await page.getByRole('dialog').getByLabel(/^Reason/).fill('The dispute was settled');
  await page.getByRole('dialog').getByRole('button', { name: /Release/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  const { rows: [waiting] } = await console_.app.database.reader.query<{ released_at: Date | null }>('SELECT released_at FROM holds WHERE hold_id = $1', [hold!.hold_id]);
  expect(waiting!.released_at).toBeNull();

  const other = await signedIn('approver', '/pages/approvals');
  await other.page.getByRole('button', { name: 'Approve' }).first().click();
  const approving = other.page.getByRole('dialog');
  if (await approving.isVisible()) await approving.getByRole('button', { name: /Approve/ }).click();
  const released = async (): Promise<boolean> => (await console_.app.database.reader.query<{ released_at: Date | null }>('SELECT released_at FROM holds WHERE hold_id = $1', [hold!.hold_id])).rows[0]!.released_at !== null;
  for (let tries = 0; tries < 300 && !await released(); tries += 1) await other.page.waitForTimeout(100);
  expect(await released()).toBe(true);
  // Release deletes nothing: the delay goes on protecting.
  await page.goto(`${console_.url}/console/pages/explain?data_type=api_call_metadata&id=${id}`);
  await page.getByText('Held: it is not deleted while a hold covers it.').waitFor();
  expect([trouble, other.trouble]).toEqual([[], []]);
  await other.context.close();
  await context.close();
}, 120_000);

here('in Chinese on a phone the page fits, and says which rule decides', async () => {
  const path = `/pages/explain?data_type=api_call_metadata&id=${world.calls[1]!}`, { page, context, trouble } = await signedIn('auditor', path, { width: 390, height: 844, locale: 'zh-CN' });
  await page.getByText('由此条决定').waitFor();
  await page.getByText('12 个月').first().waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await picture(page, 'explain-zh-phone');
  expect(trouble).toEqual([]);
  await context.close();
}, 120_000);
