// The volumes of a pack against their master: each the very file that the master names.
import { checkOf, reportOf, type FileReport } from '../../ledger/offline.js';
import type { PackReport } from '../pack-report.js';

/** A file that was verified by itself; `name` is what the reader calls it. */
export interface VerifiedFile { readonly name: string; readonly sha256?: string; readonly pack?: NonNullable<PackReport['pack']> }

/** For each master among the files, whether the volumes given with it are those it names. Files that belong to no master given are not judged. */
export function checkVolumes(files: readonly VerifiedFile[]): FileReport[] {
  return files.filter((one) => one.pack?.volume?.number === 0).map((master) => {
    const { packId, volume, volumes: named = [] } = master.pack!;
    const given = files.filter((one) => one.pack?.packId === packId && (one.pack.volume?.number ?? 0) > 0);
    const exchanged: string[] = [], missing: string[] = [];
    for (const { number, file, sha256 } of named) {
      const own = given.filter((one) => one.pack!.volume!.number === number);
      if (own.length === 0) missing.push(`volume ${number} (${file}) was not given: nothing is said about it`);
      for (const one of own) if (one.sha256 !== sha256) exchanged.push(`${one.name} is not the volume ${number} that the master names: its SHA-256 is ${one.sha256 ?? 'not known'}, and the master says ${sha256}`);
    }
    for (const one of given) if (!named.some((entry) => entry.number === one.pack!.volume!.number)) exchanged.push(`${one.name} says it is volume ${one.pack!.volume!.number}, and the master names no such volume`);
    for (const one of files) if (one !== master && one.pack && one.pack.packId !== packId && (one.pack.volume?.number ?? 0) > 0) exchanged.push(`${one.name} is a volume of another pack (${one.pack.packId})`);
    return reportOf('volumes of a pack', [checkOf('volumes', `The ${given.length} volumes given are the ones that ${master.name} names.`, exchanged), checkOf('all volumes', `All ${volume!.of} volumes of the pack are here.`, missing)], []);
  });
}
