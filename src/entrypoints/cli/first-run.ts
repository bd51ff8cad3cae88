// The first start of an instance: demo data, two operators, a key and a token, and the file that tells their secrets once.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../../app.js';
import { systemActor, type Role } from '../../kernel/actor.js';
import { HoldfastError } from '../../kernel/errors.js';
import { isRefusal, type Refusal } from '../../kernel/result.js';
import { projectRoot } from '../../platform/config/adminjs-environment.js';
import type { Tx } from '../../platform/db/index.js';
import { applyConfiguration } from './apply/apply-configuration.js';
import { problemText } from './apply/problem.js';
import { readConfiguration } from './apply/read-configuration.js';
import { readConfigurationText } from './apply/read-text.js';

export interface Urls { readonly gatewayUrl: string; readonly consoleUrl: string; readonly standInUrl: string }
interface Operator { readonly email: string; readonly name: string; readonly password: string; readonly roles: readonly Role[] }
const STAND_INS = { 'stand-in-openai': '/v1', 'stand-in-anthropic': '' };
const supervisor = systemActor('supervisor');

/**
 * Fills an instance without operators, unless HOLDFAST_DEMO is off: applies examples/demo.yaml with the stand-in's address, creates
 * the operators and writes HOME/first-run.json (0600). Later it only brings addresses up to date, in the file and at the stand-ins.
 */
export async function firstRun(app: App, urls: Urls): Promise<'created' | 'exists'> {
  const file = join(app.config.home, 'first-run.json');
  if ((await app.security.operators()).length > 0 || !app.config.demo) {
    await moveStandIns(app, urls.standInUrl);
    refreshUrls(file, urls);
    return 'exists';
  }
  const apiKey = secret('hfk_'), abroadApiKey = secret('hfk_'), apiToken = secret('hft_');
  const operators: Operator[] = [
    { email: 'officer@demo.example', name: 'Olivia Officer', password: password(), roles: ['compliance_officer', 'administrator', 'support_agent'] },
    { email: 'approver@demo.example', name: 'Arthur Approver', password: password(), roles: ['approver'] },
  ];
  await applyDemo(app, urls.standInUrl, { DEMO_KEY: apiKey, DEMO_ABROAD_KEY: abroadApiKey });
  const listed = operators.map(({ email, password: told, roles }) => ({ email, password: told, roles }));
  // The file first, the operators last: a start that dies between the two finds no operator and does all of it again.
  writePrivately(file, { gatewayUrl: urls.gatewayUrl, consoleUrl: urls.consoleUrl, apiKey, abroadApiKey, apiToken, operators: listed });
  await app.act(supervisor, async (tx) => {
    for (const operator of operators) must(await app.security.createOperator(tx, operator));
    must(await app.security.issueToken(tx, { name: 'first-run', roles: ['compliance_officer', 'administrator', 'support_agent'], secret: apiToken }));
  });
  return 'created';
}

async function applyDemo(app: App, standInUrl: string, env: Record<string, string>): Promise<void> {
  const path = join(projectRoot(), 'examples', 'demo.yaml');
  const text = readConfigurationText(path).replaceAll('http://127.0.0.1:9', standInUrl || 'http://127.0.0.1:9');
  const file = readConfiguration(text, env);
  if ('configuration' in file) await applyConfiguration(app, supervisor, file, env, { confirmShortening: true });
  if (file.problems.length > 0) throw new HoldfastError('invalid_configuration', file.problems.map((problem) => problemText(path, problem)).join('\n'));
}

/** The stand-in may listen elsewhere after a restart; providers that are no stand-ins are never touched. */
async function moveStandIns(app: App, standInUrl: string): Promise<void> {
  if (!standInUrl) return;
  const here = (await app.providers.providers()).filter((provider) => provider.standIn);
  await app.act(supervisor, async (tx: Tx) => {
    for (const provider of here) {
      const path = STAND_INS[provider.providerId as keyof typeof STAND_INS] as string | undefined;
      if (path !== undefined) must(await app.providers.updateProvider(tx, provider.providerId, { baseUrl: standInUrl + path }));
    }
  });
}

function refreshUrls(file: string, { gatewayUrl, consoleUrl }: Urls): void {
  if (!existsSync(file)) return;
  const told = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  if (told['gatewayUrl'] !== gatewayUrl || told['consoleUrl'] !== consoleUrl) writePrivately(file, { ...told, gatewayUrl, consoleUrl });
}

/** Whole or not at all, and never readable by others, not even for a moment. */
function writePrivately(file: string, content: object): void {
  const temporary = `${file}.${process.pid}.new`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  renameSync(temporary, file);
}

function must<T>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new HoldfastError(answer.code, answer.message);
  return answer;
}

function secret(prefix: string): string { return `${prefix}${randomBytes(32).toString('base64url')}`; }
/** 120 bits in groups that can be typed: 32 signs that do not look alike. */
function password(): string {
  const signs = 'abcdefghijkmnpqrstuvwxyz23456789';
  return Array.from(randomBytes(24), (byte, index) => (index > 0 && index % 6 === 0 ? '-' : '') + signs[byte % 32]!).join('');
}
