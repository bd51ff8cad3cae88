// Assembles a pack, or prints one from its pack.json, in a process of its own: for the tests that kill it, fill its disk or change its surroundings.
import { readFileSync } from 'node:fs';
import { createApp } from '../../dist/src/app.js';
import { createEvidence } from '../../dist/src/domain/evidence/index.js';
import { renderPack } from '../../dist/src/domain/evidence/render-pack.js';
import { parseConfig } from '../../dist/src/platform/config/config.js';

const { PACK_ID: packId, PACK_JSON: json, PACK_PATH: path, PACK_ROWS: volumeRows = '10000', TZ: _zone, LC_ALL: _locale, ...env } = process.env;
if (json !== undefined) await renderPack(JSON.parse(readFileSync(json, 'utf8')), path);
else {
  const app = await createApp(parseConfig(env), 'pack-process');
  try { await createEvidence({ ...app, volumeRows: Number(volumeRows) }).assemblePack(packId); } catch (error) { process.stdout.write(`${error.message}\n`); }
  await app.close();
}
process.stdout.write('done\n');
process.exit(0);
