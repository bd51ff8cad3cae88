// Anchors outside the database: a copy of each checkpoint in a folder of the operator's, and once an hour a time stamp of an authority.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemActor } from '../../../kernel/actor.js';
import type { Clock } from '../../../kernel/clock.js';
import { sha256 } from '../../../kernel/digest.js';
import { coerceError } from '../../../kernel/errors.js';
import { mintId } from '../../../kernel/ids.js';
import type { Act } from '../../../platform/db/index.js';
import type { Logger } from '../../../platform/log/log.js';
import type { Timestamper } from '../../../platform/timestamp/timestamp.js';
import { verifyTimestamp } from '../../../platform/timestamp/token.js';
import type { Checkpoint } from '../checkpoint.view.js';
import { formatKeyList } from '../log/key-list.js';
import type { LogKey } from '../log-key.js';
import { putFile } from '../publish-log.js';
import type { Reader } from '../reader.js';
import { readLatestStamp, type StampedCheckpoint } from './anchors.view.js';
import { insertStamp } from './anchors.store.js';
import { formatStampFile } from './stamp-file.js';

export const HOUR_MS = 3_600_000;

export interface AnchorDeps {
  readonly reader: Reader; readonly bookkeeping: Act; readonly clock: Clock; readonly key: LogKey; readonly log: Logger;
  readonly home: string;
  /** A folder that the database's administrators cannot write, if there is one. */
  readonly anchorDir: string | undefined;
  /** A time stamp authority, if there is one. */
  readonly stamp: { readonly url: string; readonly timestamper: Timestamper } | undefined;
}
export interface Anchors {
  /** Anchors a published checkpoint. Never fails: sealing goes on without, and the metrics show how old the last anchor is. */
  keep(checkpoint: Checkpoint): Promise<void>;
  /** Waits for a time stamp that is being asked for. */
  settle(): Promise<void>;
}

/** The anchors of one sealer. */
export function createAnchors(deps: AnchorDeps): Anchors {
  const { anchorDir, clock, home, key, log, reader, stamp } = deps;
  let copied = '', kept = -Infinity, complaint = '', asked = -Infinity, asking: Promise<void> | undefined, last: StampedCheckpoint | undefined | null = null;

  const complain = (what: string, thrown: unknown): void => {
    const error = coerceError(thrown).message;
    if (`${what} ${error}` !== complaint) log.warn(what, { error });
    complaint = `${what} ${error}`;
  };
  const copy = async (checkpoint: Checkpoint): Promise<void> => {
    if (anchorDir === undefined || copied === checkpoint.note) return;
    const now = clock.now().getTime();
    // Not made here: where the folder is a share that is not mounted, a folder of ours would be no anchor.
    await mkdir(join(anchorDir, 'checkpoints'), { recursive: false }).catch((error: unknown) => { if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; });
    if (!await isBehind(join(anchorDir, 'checkpoint'), key, checkpoint)) return;
    await putFile(join(anchorDir, 'keys'), Buffer.from(formatKeyList({ first: key.verifierKey, handovers: key.handovers })));
    await putFile(join(anchorDir, 'checkpoint'), Buffer.from(checkpoint.note));
    if (now - kept >= HOUR_MS) { await putFile(join(anchorDir, 'checkpoints', String(checkpoint.treeSize)), Buffer.from(checkpoint.note)); kept = now; }
    copied = checkpoint.note;
  };
  const ask = async ({ treeSize, note }: Checkpoint, { url, timestamper }: NonNullable<typeof stamp>): Promise<void> => {
    const noteDigest = sha256(note), token = await timestamper(noteDigest), at = clock.now();
    const made: StampedCheckpoint = { anchorId: mintId(at), treeSize, note, noteDigest, authority: url, attestedAt: verifyTimestamp(token, noteDigest).at, token };
    await deps.bookkeeping(systemActor('sealer'), (tx) => insertStamp(tx, made, at));
    last = made;
    const file = Buffer.from(formatStampFile(made));
    await putFile(join(home, 'log', 'timestamp'), file);
    if (anchorDir !== undefined) await putFile(join(anchorDir, 'timestamps', `${treeSize}.json`), file);
  };
  const askHourly = async (checkpoint: Checkpoint): Promise<void> => {
    if (stamp === undefined || asking) return;
    const now = clock.now().getTime();
    // After a failure in five minutes again; what has not grown needs no new stamp.
    if (now - asked < HOUR_MS / 12) return;
    last = last === null ? await readLatestStamp(reader) : last;
    if (last && (last.treeSize >= checkpoint.treeSize || now - last.attestedAt.getTime() < HOUR_MS)) return;
    asked = now;
    asking = ask(checkpoint, stamp).catch((error: unknown) => { complain('the checkpoint could not be time-stamped; the authority is asked again in five minutes', error); }).finally(() => { asking = undefined; });
  };
  return {
    keep: async (checkpoint) => {
      try { await copy(checkpoint); } catch (error) { complain('the checkpoint could not be copied to HOLDFAST_ANCHOR_DIR', error); }
      try { await askHourly(checkpoint); } catch (error) { complain('the last time stamp could not be read', error); }
    },
    settle: async () => { await asking; },
  };
}

/** Whether the copy may be replaced. One that is ahead of us, or of another log, stays: it is what shows that this database is behind. */
async function isBehind(path: string, key: LogKey, checkpoint: Checkpoint): Promise<boolean> {
  let note: string;
  try { note = await readFile(path, 'utf8'); } catch { return true; }
  return key.open(note).treeSize <= checkpoint.treeSize;
}
