// The machine as a mermaid state diagram and as tables, for docs/cases.md. Pure; a test compares the manual with it.
import type { CaseMachine, FieldRule } from './machine.js';

/** A `stateDiagram-v2`. Moves that may be made from everywhere stand in the table alone, or nothing could be read. */
export function mermaidOf(machine: CaseMachine): string {
  const arrows = machine.moves.filter((move) => move.to !== undefined && move.from.length <= 4).flatMap((move) => move.from.map((from) => `    ${from} --> ${move.to}: ${move.name}${move.approval ? ' ✓' : ''}`));
  const ends = machine.ends.map((end) => `    ${end} --> [*]`);
  return ['```mermaid', 'stateDiagram-v2', `    [*] --> ${machine.initial}: open`, ...arrows, ...ends, '```'].join('\n');
}

/** The fields of opening, the states with their meaning, the moves with who may make them, the clocks with their sources: four Markdown tables. */
export function tablesOf(machine: CaseMachine): string {
  const fields = machine.openFields.map((field) => `| \`${field.name}\`${field.required ? ' *' : ''} | ${field.type} | ${field.values?.join(', ') ?? ''} |`);
  const states = Object.entries(machine.states).map(([state, meaning]) => `| \`${state}\`${machine.ends.includes(state) ? ' (end)' : ''} | ${meaning} |`);
  const moves = machine.moves.map((move) => `| \`${move.name}\`${move.approval ? ' ✓' : ''} | ${move.from.join(', ')} | ${move.to ?? 'stays'} | \`${move.permission}\` | ${move.notBy?.join(', ') ?? ''} | ${move.fields.map(fieldText).join(', ')} |`);
  const clocks = machine.clocks.flatMap((clock) => clock.presets.map((preset) => `| ${clock.name} | \`${preset.id}\` | ${preset.due} | ${preset.amber} | ${preset.red} | ${preset.extension ?? ''} | ${preset.source} |`));
  return [['| opening asks | type | choices |', '|---|---|---|', ...fields], ['| state | means |', '|---|---|', ...states], ['| move | from | to | permission | not by who made | fields |', '|---|---|---|---|---|---|', ...moves],
    ['| clock | preset | due | amber | red | extension | source |', '|---|---|---|---|---|---|---|', ...clocks]].map((table) => table.join('\n')).join('\n\n');
}

function fieldText({ name, required, values, type }: FieldRule): string { return `${name}${required ? '*' : ''}${values && type === 'choice' ? ` (${values.join(' / ')})` : ''}`; }
