// Verifies a file that holds one signed checkpoint.
import { coerceError } from '../../kernel/errors.js';
import { checkOf, reportOf, unreadableFile, type FileReport } from './file-report.js';
import { openCheckpoint, readKeyChain } from './log/key-chain.js';
import type { KeyList } from './log/key-list.js';

/** A checkpoint alone says nothing without a key: one has to be trusted, or a list of keys given. */
export function checkCheckpointNote(note: Uint8Array, { trustedKey, keys }: { trustedKey?: string; keys?: KeyList } = {}): FileReport {
  const pinned = trustedKey ?? keys?.first;
  if (pinned === undefined) return { ...unreadableFile('a checkpoint is checked with the key of its log: give it as --trusted-key, or the list from /log/keys as --keys'), kind: 'checkpoint' };
  try {
    const { origin, treeSize, root } = openCheckpoint(note, readKeyChain(pinned, keys?.handovers ?? []));
    return reportOf('checkpoint', [checkOf('signature', `The checkpoint is signed by the key of ${origin}.`, [])], ['that the log is whole: for that its entries are needed'],
      [`At this checkpoint the log ${origin} had ${treeSize} leaves and the root ${root.toString('base64')}.`]);
  } catch (error) { return reportOf('checkpoint', [checkOf('signature', '', [`the checkpoint does not verify: ${coerceError(error).message}`])], []); }
}
