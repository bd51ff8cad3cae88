// Holds the upper tiles against the ones below them, and every width against the size of the tree.
import { HASH_BYTES, perfectRoot } from '../log/merkle.js';
import { hashesAtLevel, TILE_WIDTH } from '../log/tile-rules.js';
import type { Reader } from '../reader.js';
import type { Findings } from './findings.js';
import { readMisfitTiles, streamTiles } from './streams.view.js';

/**
 * Each hash of an upper tile must be the root of one full tile below. `badTiles` names tiles already reported ("0/12"); what stands on
 * them is passed over, and what is found here is added.
 */
export async function checkTiles(options: { reader: Reader; size: number; findings: Findings; badTiles: Set<string> }): Promise<void> {
  const { reader, size, findings, badTiles } = options;
  const report = (name: string, message: string): void => {
    if (badTiles.has(name)) return;
    badTiles.add(name);
    findings.report({ verdict: 'altered', table: 'ledger_tiles', id: name, message: `ledger_tiles ${name}: ${message}` });
  };
  for (let level = 0; hashesAtLevel(BigInt(size), level + 1) > 0n; level++) {
    const expected = Number(hashesAtLevel(BigInt(size), level + 1));
    const above = streamTiles(reader, level + 1);
    let upper = (await above.next()).value;
    for await (const tile of streamTiles(reader, level)) {
      if (tile.index >= expected) break;
      const parent = Math.floor(tile.index / TILE_WIDTH), offset = tile.index % TILE_WIDTH, name = `${level + 1}/${parent}`;
      while (upper && upper.index < parent) upper = (await above.next()).value;
      if (upper?.index !== parent || offset >= upper.width) report(name, `the hash of tile ${level}/${tile.index} is missing`);
      else if (!badTiles.has(`${level}/${tile.index}`) && tile.width === TILE_WIDTH && !perfectRoot(tile.hashes).equals(upper.hashes.subarray(offset * HASH_BYTES, (offset + 1) * HASH_BYTES))) {
        report(name, `hash ${offset} is not the root of tile ${level}/${tile.index}`);
      }
    }
    await above.return(undefined);
  }
  for (const tile of await readMisfitTiles(reader)) report(`${tile.level}/${tile.index}`, `it is ${tile.width} wide where the tree has ${tile.expected}`);
}
