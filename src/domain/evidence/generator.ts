// The program as packs name it: with what its printing depends on.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installationFolder } from './template.js';

let name: string | undefined;
/** Raised by every change of what is printed or how it is written: only packs of the same printing are printed again and compared. */
const PRINTING = 2;

/** `Holdfast 0.1.0 (printing 2, Node 20.20.0, ICU 73.2)`. Names of places and the cutting of text come from ICU. */
export function generatorName(): string {
  if (name !== undefined) return name;
  const { version } = JSON.parse(readFileSync(join(installationFolder(), 'package.json'), 'utf8')) as { version: string };
  return name = `Holdfast ${version} (printing ${PRINTING}, Node ${process.versions.node}, ICU ${process.versions.icu ?? 'none'})`;
}
