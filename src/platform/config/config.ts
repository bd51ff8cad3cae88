// The only reader of process.env. Parsed once at start, frozen, handed down as an argument.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { HoldfastError } from '../../kernel/errors.js';
import { isPeriod } from '../../kernel/period.js';

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);
const seconds = (fallback: number) => z.coerce.number().int().min(1).max(86_400).default(fallback);

/** Every variable we read, with its meaning; docs/configuration.md lists the same and a test compares. */
export const variables = {
  HOLDFAST_HOME: z.string().min(1).default('.holdfast').describe('Folder of keys, embedded data, published log and packs'),
  GATEWAY_PORT: port(4000).describe('TCP port of the gateway'),
  CONSOLE_PORT: port(4001).describe('TCP port of console, API, public page and log'),
  DATABASE_URL: z.string().url().optional().describe('PostgreSQL; unset means the embedded server'),
  VAULT_DATABASE_URL: z.string().url().optional().describe('PostgreSQL of the vault; unset, or the same as DATABASE_URL: one of its own is refused'),
  REDIS_URL: z.string().url().optional().describe('Redis; unset means the embedded server'),
  HOLDFAST_BIND: z.string().default('127.0.0.1').describe('Address both ports listen on'),
  HOLDFAST_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('Least severe level that is logged'),
  HOLDFAST_TIME_ZONE: z.string().default('UTC').describe("The operator's time zone (IANA name), for calendar arithmetic"),
  HOLDFAST_SHORTENING_GRACE: z.string().default('P7D').describe('How long an approved shortening of a policy can still be withdrawn before it takes effect (ISO 8601 period)'),
  HOLDFAST_PUBLIC_URL: z.string().url().optional().describe('Public address of the console port; sets secure cookies when https'),
  HOLDFAST_TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0).describe('How many proxies in front are ours (for client addresses)'),
  HOLDFAST_UPSTREAM_TIMEOUT_SECONDS: seconds(900).describe('Longest silence of a provider before the call is given up'),
  HOLDFAST_FAILOVER_SECONDS: seconds(120).describe('How long after its arrival a call may still be handed to another route'),
  HOLDFAST_CIRCUIT_FAILURES: z.coerce.number().int().min(1).max(1_000).default(5).describe('Failures in a row after which a route stands behind the others'),
  HOLDFAST_CIRCUIT_SECONDS: seconds(30).describe('How long it stands there before one call tries it again'),
  HOLDFAST_SPOOL_SECONDS: z.coerce.number().int().min(0).max(86_400).default(0).describe('How long calls go on without PostgreSQL, their records in a journal below the home; 0: not at all, they are refused'),
  HOLDFAST_SPOOL_MB: z.coerce.number().int().min(1).max(65_536).default(256).describe('Largest size of the journal'),
  HOLDFAST_DRAIN_SECONDS: seconds(30).describe('How long a graceful stop waits for open calls'),
  HOLDFAST_DEMO: z.enum(['on', 'off']).default('on').describe('Whether a first start without operators creates demo data and the stand-in provider'),
  HOLDFAST_SMTP_URL: z.string().regex(/^smtps?:\/\/\S+$/, 'has the form smtp://user:password@host:587').optional().describe('Mail server for reminders of cases and alerts about purges, with user and password; unset means no mail'),
  HOLDFAST_MAIL_FROM: z.string().regex(/^[^\s@]+@[^\s@]+$/, 'is an e-mail address').optional().describe('Address reminders come from; needed with HOLDFAST_SMTP_URL'),
  HOLDFAST_ANCHOR_DIR: z.string().min(1).optional().describe('Existing folder that gets a copy of each checkpoint of the log; best a share that administrators of the database cannot write'),
  HOLDFAST_LOG_ORIGIN: z.string().regex(/^[^\s+]+$/).default('holdfast.local/log').describe('Origin line and key name of the published log'),
  HOLDFAST_TSA_URL: z.string().url().optional().describe('Time stamp authority (RFC 3161 over HTTP) for packs and, once an hour, for a checkpoint of the log; unset means no time stamps'),
  HOLDFAST_SEAL_CERTIFICATE: z.string().min(1).optional().describe('PEM file with the certificate packs are sealed with, and its chain; unset means a self-made one'),
  HOLDFAST_SEAL_KEY: z.string().min(1).optional().describe('PEM file with the private key of that certificate, RSA or EC'),
} as const;

export interface Config {
  readonly home: string;
  readonly gatewayPort: number;
  readonly consolePort: number;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly bind: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly timeZone: string;
  readonly shorteningGrace: string;
  readonly publicUrl: string | undefined;
  readonly trustProxy: number;
  readonly upstreamTimeoutMs: number;
  readonly failoverMs: number;
  readonly circuitFailures: number;
  readonly circuitOpenMs: number;
  readonly spoolMs: number;
  readonly spoolBytes: number;
  readonly drainMs: number;
  readonly demo: boolean;
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string | undefined;
  readonly anchorDir: string | undefined;
  readonly logOrigin: string;
  readonly tsaUrl: string | undefined;
  /** PEM files of the operator's own seal. */
  readonly seal: { readonly certificate: string; readonly key: string } | undefined;
  /** The whole environment, for `{ env: NAME }` in configuration files; nothing else may read it. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Internal variables a supervisor passes to its children; not for users. */
const INTERNAL = new Set(['HOLDFAST_INSTANCE']);

/**
 * Parses the environment. Throws HoldfastError `invalid_configuration` that names each wrong variable and what is allowed;
 * unknown `HOLDFAST_*` names are refused, since a misspelt limit must not be silently without effect. Where a URL is unset, that of
 * the instance running in the home counts; `instance: false` ignores it, as the supervisor must, who is about to start one.
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>, options: { instance?: boolean } = {}): Config {
  const unknown = Object.keys(env).filter((name) => name.startsWith('HOLDFAST_') && !(name in variables) && !INTERNAL.has(name));
  if (unknown.length > 0) throw new HoldfastError('invalid_configuration', `unknown variable ${unknown.join(', ')}; docs/configuration.md lists the known ones`);
  const present = Object.fromEntries(Object.entries(env).filter(([name, value]) => name in variables && value !== ''));
  const parsed = z.object(variables).safeParse(present);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new HoldfastError('invalid_configuration', problems.join('; '));
  }
  const v = parsed.data;
  // A setting without effect would be worse than one that is refused.
  if (v.VAULT_DATABASE_URL && v.VAULT_DATABASE_URL !== v.DATABASE_URL) throw new HoldfastError('invalid_configuration', 'VAULT_DATABASE_URL: the vault is the schema "vault" of DATABASE_URL; a database of its own is not supported, so leave it unset');
  if (!isTimeZone(v.HOLDFAST_TIME_ZONE)) throw new HoldfastError('invalid_configuration', `HOLDFAST_TIME_ZONE: ${v.HOLDFAST_TIME_ZONE} is not an IANA time zone`);
  if ((v.HOLDFAST_SMTP_URL === undefined) !== (v.HOLDFAST_MAIL_FROM === undefined)) throw new HoldfastError('invalid_configuration', 'HOLDFAST_SMTP_URL and HOLDFAST_MAIL_FROM are set together or not at all');
  if (!isPeriod(v.HOLDFAST_SHORTENING_GRACE)) throw new HoldfastError('invalid_configuration', `HOLDFAST_SHORTENING_GRACE: ${v.HOLDFAST_SHORTENING_GRACE} is not an ISO 8601 period such as P7D`);
  if ((v.HOLDFAST_SEAL_CERTIFICATE === undefined) !== (v.HOLDFAST_SEAL_KEY === undefined)) throw new HoldfastError('invalid_configuration', 'HOLDFAST_SEAL_CERTIFICATE and HOLDFAST_SEAL_KEY go together: set both or none');
  const home = resolve(v.HOLDFAST_HOME);
  const running = options.instance === false || (v.DATABASE_URL && v.REDIS_URL) ? undefined : readInstance(home);
  return Object.freeze({
    home, gatewayPort: v.GATEWAY_PORT, consolePort: v.CONSOLE_PORT,
    databaseUrl: v.DATABASE_URL ?? running?.databaseUrl,
    redisUrl: v.REDIS_URL ?? running?.redisUrl,
    bind: v.HOLDFAST_BIND, logLevel: v.HOLDFAST_LOG_LEVEL, timeZone: v.HOLDFAST_TIME_ZONE, shorteningGrace: v.HOLDFAST_SHORTENING_GRACE, publicUrl: v.HOLDFAST_PUBLIC_URL,
    trustProxy: v.HOLDFAST_TRUST_PROXY, upstreamTimeoutMs: v.HOLDFAST_UPSTREAM_TIMEOUT_SECONDS * 1000,
    failoverMs: v.HOLDFAST_FAILOVER_SECONDS * 1000, circuitFailures: v.HOLDFAST_CIRCUIT_FAILURES, circuitOpenMs: v.HOLDFAST_CIRCUIT_SECONDS * 1000,
    spoolMs: v.HOLDFAST_SPOOL_SECONDS * 1000, spoolBytes: v.HOLDFAST_SPOOL_MB * 1_048_576,
    drainMs: v.HOLDFAST_DRAIN_SECONDS * 1000, demo: v.HOLDFAST_DEMO === 'on', anchorDir: v.HOLDFAST_ANCHOR_DIR === undefined ? undefined : resolve(v.HOLDFAST_ANCHOR_DIR), logOrigin: v.HOLDFAST_LOG_ORIGIN, tsaUrl: v.HOLDFAST_TSA_URL,
    seal: v.HOLDFAST_SEAL_CERTIFICATE && v.HOLDFAST_SEAL_KEY ? { certificate: resolve(v.HOLDFAST_SEAL_CERTIFICATE), key: resolve(v.HOLDFAST_SEAL_KEY) } : undefined, smtpUrl: v.HOLDFAST_SMTP_URL, mailFrom: v.HOLDFAST_MAIL_FROM, env,
  });
}

/** What a running embedded instance wrote into its home, so that the CLI finds it (mode 0600). */
export interface Instance { readonly databaseUrl: string; readonly redisUrl: string; readonly pid: number; readonly gatewayUrl: string; readonly consoleUrl: string }

/** Path of the file a running embedded instance keeps for the CLI. */
export function instanceFile(home: string): string { return resolve(home, 'run', 'instance.json'); }

function readInstance(home: string): Instance | undefined {
  const file = instanceFile(home);
  if (!existsSync(file)) return undefined;
  try {
    const instance = JSON.parse(readFileSync(file, 'utf8')) as Instance;
    return isRunning(instance.pid) ? instance : undefined;
  } catch { return undefined; }
}

// A killed supervisor leaves its file behind; another user's process answers EPERM.
function isRunning(pid: number): boolean {
  try { return process.kill(pid, 0); } catch (error) { return (error as NodeJS.ErrnoException).code === 'EPERM'; }
}

function isTimeZone(name: string): boolean {
  try { new Intl.DateTimeFormat('en', { timeZone: name }); return true; } catch { return false; }
}
