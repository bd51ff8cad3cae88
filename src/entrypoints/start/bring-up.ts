// The order of a start: folder, servers, database, roles. Each part is followed by what undoes it.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { instanceFile, type Config, type Instance } from '../../platform/config/config.js';
import { takeHomeLock } from '../../platform/embedded/home-lock.js';
import { keepServer } from '../../platform/embedded/keep-server.js';
import { startEmbeddedPostgres } from '../../platform/embedded/postgres.js';
import { startEmbeddedRedis } from '../../platform/embedded/redis.js';
import { serverFolderOf } from '../../platform/embedded/server-folder.js';
import { startRole, type RoleProcess } from '../../platform/embedded/role-process.js';
import type { Interruption } from './interruption.js';
import { choosePorts, prepareHome, standInPort, urlOf } from './prepare-home.js';
import { ROLE_NAMES } from './roles.js';
import { welcome } from './welcome.js';

export type Environment = Readonly<Record<string, string | undefined>>;
/** Runs one step of the start and shows it with its time; made by bin/, which shows its own steps in the same way. */
export type Step = <T>(title: string, work: () => Promise<T>) => Promise<T>;
export interface StartContext { readonly env: Environment; readonly step: Step; readonly executable: string }
/** What has to be undone, last first. */
export type Undo = (() => Promise<void> | void)[];
export interface Running { readonly roles: readonly RoleProcess[]; readonly text: string; readonly givenUp: Promise<string> }
interface BringUp extends StartContext { readonly config: Config; readonly interruption: Interruption; readonly undo: Undo; readonly report: (line: string) => void }

const STOP_PATIENCE_MS = 15_000;

/** Resolves when everything answers. Throws what went wrong, or Interrupted; the caller runs `undo` either way. */
export async function bringUp({ env, step, executable, config, interruption, undo, report }: BringUp): Promise<Running> {
  const { home } = config;
  // What any of our processes writes is for this user alone, unless it says otherwise.
  process.umask(0o077);
  prepareHome(home);
  const lock = takeHomeLock(home);
  undo.push(() => { lock.release(); });
  const ports = await choosePorts(config);

  let giveUp: (reason: string) => void = () => undefined;
  const givenUp = new Promise<string>((resolve) => { giveUp = resolve; });
  const on = { report, onGivenUp: giveUp };
  const embedded: string[] = [];
  const server = async (name: string, start: Parameters<typeof keepServer>[1]): Promise<string> => {
    interruption.check();
    const kept = await step(name, () => keepServer(name, start, on));
    undo.push(() => kept.stop());
    embedded.push(name);
    return kept.url;
  };
  // The slices are loaded while the servers start: a refused start does without them, a good one does not wait for them.
  const slices = import('./prepare-database.js');
  slices.catch(() => undefined);
  const databaseUrl = config.databaseUrl ?? await server('PostgreSQL', () => startEmbeddedPostgres({ home }));
  const redisUrl = config.redisUrl ?? await server('Redis', () => startEmbeddedRedis({ home, path: env['PATH'] ?? '' }));

  const roles: RoleProcess[] = [];
  const roleEnv: Environment = {
    ...env, HOLDFAST_HOME: home, DATABASE_URL: databaseUrl, REDIS_URL: redisUrl,
    GATEWAY_PORT: String(ports.gateway), CONSOLE_PORT: String(ports.console), HOLDFAST_INSTANCE: String(process.pid),
  };
  const launch = (role: string, args: string[] = []): RoleProcess => {
    const started = startRole({ role, args, executable, env: roleEnv, logFile: join(home, 'run', `${role}.log`), ...on });
    roles.push(started);
    undo.push(() => started.stop(role === 'gateway' ? config.drainMs + STOP_PATIENCE_MS : STOP_PATIENCE_MS));
    return started;
  };
  const whenReady = async (started: readonly RoleProcess[]): Promise<void> => {
    await Promise.race([Promise.all(started.map((role) => role.ready)), interruption.first]);
    interruption.check();
  };

  interruption.check();
  const standIn = config.demo ? await standInPort(home) : undefined;
  const urls = { gatewayUrl: urlOf(config.bind, ports.gateway), consoleUrl: urlOf(config.bind, ports.console), standInUrl: standIn ? urlOf('127.0.0.1', standIn) : '' };
  if (standIn) launch('stand-in', [String(standIn)]);
  await (await slices).prepareDatabase({ ...config, databaseUrl, redisUrl }, urls, step);
  interruption.check();
  const instance: Instance = { databaseUrl, redisUrl, pid: process.pid, gatewayUrl: urls.gatewayUrl, consoleUrl: urls.consoleUrl };
  undo.push(() => { rmSync(instanceFile(home), { force: true }); });
  writeFileSync(instanceFile(home), `${JSON.stringify(instance, null, 2)}\n`, { mode: 0o600 });
  await step('services', () => { ROLE_NAMES.toReversed().forEach((role) => launch(role)); return whenReady(roles); });
  return { roles, givenUp, text: await welcome({ ...urls, home, embedded, serverFolder: serverFolderOf(home) }) };
}
