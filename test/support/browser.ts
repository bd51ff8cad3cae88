// A real browser for the console's pages: Chromium of the system, driven by playwright-core. Nothing outside may be asked.
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const PLACES = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-component-update', '--disable-sync'];

/** Path of the browser; undefined where none is installed. On a build server (CI set) that is an error instead. */
export function findChromium(): string | undefined {
  const found = PLACES.find((path) => path !== undefined && existsSync(path));
  if (!found && process.env['CI']) throw new Error('no Chromium: install it, or name one in CHROMIUM');
  return found;
}

export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: QUIET });
}

export interface Watched { readonly context: BrowserContext; readonly page: Page; /** Violations of the content policy, page errors, and requests that left this origin. */ readonly trouble: string[] }

/** A page that writes down what must never happen. */
export async function openPage(browser: Browser, origin: string, options: { width?: number; height?: number; locale?: string } = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: options.width ?? 1280, height: options.height ?? 900 }, locale: options.locale ?? 'en-GB', timezoneId: 'Europe/Berlin' });
  const page = await context.newPage(), trouble: string[] = [];
  page.on('request', (request) => { if (!request.url().startsWith(origin) && !/^(data|blob|about):/.test(request.url())) trouble.push(`outside: ${request.url()}`); });
  page.on('console', (message) => { if (/Content Security Policy|Refused to/i.test(message.text())) trouble.push(`policy: ${message.text()}`); });
  page.on('pageerror', (error) => { trouble.push(`error: ${error.message}`); });
  await context.addInitScript(() => { document.addEventListener('securitypolicyviolation', (event) => { globalThis.console.error(`Refused to load by Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`); }); });
  return { context, page, trouble };
}
