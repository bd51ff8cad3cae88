// Where the files of packs lie, and what they are called when they leave.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Uuid } from '../../kernel/ids.js';
import { packCode } from './pack-document.js';
import type { PackRow } from './pack.js';
import type { FileRow } from './pack.store.js';

/** Volume 0 is the pack itself, or the master of its volumes. */
export function packPath(home: string, packId: Uuid, volume = 0): string { return join(home, 'packs', `${packId}${volume === 0 ? '' : `.v${String(volume).padStart(3, '0')}`}.pdf`); }

/** `EP-0123456789ab-V002.pdf`: as the master names it. */
export function volumeName(packId: Uuid, volume: number): string { return `${packCode(packId)}-V${String(volume).padStart(3, '0')}.pdf`; }

/** The name a download gets. Schemes take at most 16 letters and digits. */
export function downloadName(pack: Pick<PackRow, 'packId' | 'kind'>, volume = 0): string {
  if (pack.kind === 'scheme_exhibit') return `EX${pack.packId.slice(-10)}.pdf`;
  return volume > 0 ? volumeName(pack.packId, volume) : `${packCode(pack.packId)}.pdf`;
}

export interface PackFile { readonly path: string; readonly name: string; readonly sha256: string; readonly bytes: number }

/** The file of a pack that is ready; undefined when it is not, or when the file is not as it was made. */
export async function findPackFile(home: string, pack: PackRow | undefined, files: readonly FileRow[], volume: number): Promise<PackFile | undefined> {
  if (pack?.state !== 'ready') return undefined;
  const known = files.find((one) => one.volume === volume) ?? (volume === 0 && pack.sha256 !== null && pack.bytes !== null ? { sha256: pack.sha256, bytes: pack.bytes } : undefined);
  if (!known) return undefined;
  const path = packPath(home, pack.packId, volume), found = await stat(path).catch(() => undefined);
  return found?.size === known.bytes ? { path, name: downloadName(pack, volume), sha256: known.sha256, bytes: known.bytes } : undefined;
}
