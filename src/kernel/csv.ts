// RFC 4180 CSV as spreadsheets write it: rows of cells with the line each begins on. Pure.

export interface CsvRow { /** Line of the file, from 1, on which the row begins. */ readonly line: number; readonly cells: readonly string[] }

/** Rows with their lines; quoted cells may hold commas, quotes and line breaks, empty lines are skipped. `unclosed`: line of a quote that does not end. */
export function parseCsv(text: string): { readonly rows: readonly CsvRow[]; readonly unclosed?: number } {
  const rows: CsvRow[] = [];
  let cells: string[] = [], cell = '', quoted = false, line = 1, begins = 1, opened = 1;
  const end = (): void => { if (cells.length > 0 || cell !== '') rows.push({ line: begins, cells: [...cells, cell] }); cells = []; cell = ''; };
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  for (let at = start; at < text.length; at += 1) {
    const sign = text[at]!;
    if (sign === '\n' || (sign === '\r' && text[at + 1] !== '\n')) line += 1;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') { cell += '"'; at += 1; } else quoted = false;
    } else if (sign === '"' && cell === '') { quoted = true; opened = line; }
    else if (sign === ',') { cells.push(cell); cell = ''; }
    else if (sign === '\n' || sign === '\r') {
      if (sign === '\r' && text[at + 1] === '\n') { at += 1; line += 1; }
      end();
      begins = line;
    } else cell += sign;
  }
  if (quoted) return { rows, unclosed: opened };
  end();
  return { rows };
}
