// One set-up at a time in a checkout: two instances started side by side from a fresh clone must not install over each other.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inRoot } from './project.mjs';

const file = inRoot('dist', '.setup-lock');

/** Runs `work` while holding the lock; a lock whose owner is gone is taken over. */
export async function withSetupLock(work) {
  mkdirSync(inRoot('dist'), { recursive: true });
  while (!tryTake()) await sleep(200);
  try { return await work(); } finally { rmSync(file, { force: true }); }
}

function tryTake() {
  try { writeFileSync(file, String(process.pid), { flag: 'wx' }); return true; } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (!ownerLives()) rmSync(file, { force: true });
  return false;
}

function ownerLives() {
  try { process.kill(Number(readFileSync(file, 'utf8')), 0); return true; } catch (error) { return error.code === 'EPERM'; }
}
