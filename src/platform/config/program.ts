// The program as it names itself in what it signs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './adminjs-environment.js';

/** `Holdfast 0.1.0 (Node 20.20.0)`. */
export function programName(): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { version: string };
  return `Holdfast ${version} (Node ${process.versions.node})`;
}
