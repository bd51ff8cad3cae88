// A sign of life of roles without a door, for bin/healthcheck.mjs: a file touched while the event loop turns and the database answers.
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const EVERY_MS = 10_000;

/** Touches the role's file in the folder for temporary files now and every 10 s while `answers` resolves. Returns what ends it. */
export async function startHeartbeat(role: string, answers: () => Promise<unknown>, everyMs = EVERY_MS): Promise<() => void> {
  const file = join(tmpdir(), `holdfast-${role}.alive`);
  const beat = async (): Promise<void> => {
    try { await answers(); writeFileSync(file, String(process.pid), { mode: 0o600 }); } catch { /* the file ages, which is the sign */ }
  };
  await beat();
  const timer = setInterval(() => { void beat(); }, everyMs);
  timer.unref();
  return () => { clearInterval(timer); rmSync(file, { force: true }); };
}
