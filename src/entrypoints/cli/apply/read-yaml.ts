// YAML with places: YAML 1.2 core schema, so dates stay text and `NO` is Norway; a key that stands twice is an error.
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml';
import type { Path, Problem } from './problem.js';

export interface YamlFile {
  readonly value: unknown;
  /** Line and column of the value at the path, of its key with `key`, else of the nearest thing around it that stands in the file. */
  readonly locate: (path: Path, at?: 'value' | 'key') => { line: number; column: number };
}

/** Reads one YAML document. With problems there is no value: half a file is no configuration. */
export function readYaml(text: string): { readonly file: YamlFile } | { readonly problems: readonly Problem[] } {
  const lines = new LineCounter();
  // Plain messages: the pretty ones quote the line, and a line may hold what somebody took for a good place for a secret.
  const document = parseDocument(text, { lineCounter: lines, schema: 'core', version: '1.2', uniqueKeys: true, prettyErrors: false, stringKeys: true });
  const place = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const faults = [...document.errors, ...document.warnings].map((fault): Problem => ({ ...place(fault.pos[0]), path: [], message: `not valid YAML: ${fault.message}` }));
  if (faults.length > 0) return { problems: faults };
  let value: unknown;
  try { value = document.toJS({ maxAliasCount: 100 }); } catch (error) {
    return { problems: [{ line: 1, column: 1, path: [], message: `not valid YAML: ${error instanceof Error ? error.message : 'cannot be read'}` }] };
  }
  return { file: { value, locate: (path, at = 'value') => {
    let node: Node | null | undefined = document.contents, offset = startOf(node) ?? 0;
    for (const [depth, step] of path.entries()) {
      if (isAlias(node)) node = node.resolve(document);
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : undefined) === String(step));
        if (!pair) break;
        const key = startOf(pair.key as Node) ?? offset, last = depth === path.length - 1;
        offset = last && at === 'key' ? key : startOf(pair.value as Node | null) ?? key;
        node = pair.value as Node | null;
      } else if (isSeq(node) && node.items[Number(step)]) {
        node = node.items[Number(step)] as Node;
        offset = startOf(node) ?? offset;
      } else break;
    }
    return place(offset);
  } } };
}

function startOf(node: Node | null | undefined): number | undefined { return node?.range?.[0]; }
