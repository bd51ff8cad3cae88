// What is checked before anything is started or changed: the folder, its disk, the two ports.
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HoldfastError } from '../../kernel/errors.js';
import type { Config } from '../../platform/config/config.js';
import { freePort, isFree } from '../../platform/embedded/free-port.js';

/** A new database takes some 70 MB with its write-ahead log; one that is there needs room for the next checkpoints. */
const NEW_MB = 128, EXISTING_MB = 32;

/** Makes the home and proves that it can be written. Throws the file system's error, or HoldfastError for a full disk. */
export function prepareHome(home: string): void {
  mkdirSync(join(home, 'run'), { recursive: true, mode: 0o700 });
  const probe = join(home, 'run', `probe.${process.pid}`);
  try { writeFileSync(probe, 'x', { flush: true }); } finally { rmSync(probe, { force: true }); }
  const { bavail, bsize } = statfsSync(home);
  refuseFullDisk(home, Math.floor(bavail * bsize / 1_048_576), !existsSync(join(home, 'keys')));
}

/** Throws HoldfastError when so few MB are free that a new instance, or one that is there, would fail half way. */
export function refuseFullDisk(home: string, freeMb: number, isNew: boolean): void {
  const needed = isNew ? NEW_MB : EXISTING_MB;
  if (freeMb < needed) throw new HoldfastError('internal', `no space is left on the disk of ${home}: ${freeMb} MB are free and ${needed} MB are needed; free some and start again`);
}

export interface Ports { readonly gateway: number; readonly console: number }

/** The two ports, 0 replaced by a free one. Throws `conflict` that names the port that is taken and the variable that changes it. */
export async function choosePorts(config: Config): Promise<Ports> {
  if (config.gatewayPort === config.consolePort && config.gatewayPort !== 0) {
    throw new HoldfastError('invalid_configuration', `GATEWAY_PORT and CONSOLE_PORT are both ${config.gatewayPort}; give one another port`);
  }
  const choose = async (port: number, variable: string): Promise<number> => {
    if (port === 0) return freePort();
    if (await isFree(port, config.bind)) return port;
    throw new HoldfastError('conflict', `port ${port} is taken by another program; set ${variable} to a free one`);
  };
  return { gateway: await choose(config.gatewayPort, 'GATEWAY_PORT'), console: await choose(config.consolePort, 'CONSOLE_PORT') };
}

/** An address by which this machine reaches what listens on `bind`. */
export function urlOf(bind: string, port: number): string {
  const host = bind === '0.0.0.0' ? '127.0.0.1' : bind === '::' ? '[::1]' : bind.includes(':') ? `[${bind}]` : bind;
  return `http://${host}:${port}`;
}

/** The stand-in provider's port: kept from start to start, since the demo provider's address in the database names it. */
export async function standInPort(home: string): Promise<number> {
  const file = join(home, 'run', 'stand-in.port');
  const kept = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : undefined;
  const port = await freePort(kept);
  writeFileSync(file, String(port));
  return port;
}
