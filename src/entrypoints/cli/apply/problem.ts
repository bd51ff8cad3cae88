// What is wrong with a configuration file, and where.

export type Path = readonly (string | number)[];
/** Line and column count from 1. `path` is empty for what concerns the whole file. */
export interface Problem { readonly line: number; readonly column: number; readonly path: Path; readonly message: string }

/** `providers[0].baseUrl`. */
export function pathText(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

/** The steps of `routes[0].provider`, as refusals of use cases name fields. */
export function pathOf(field: string): (string | number)[] {
  return [...field.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) => (index === undefined ? name! : Number(index)));
}

/** `FILE:LINE:COL field.path: what is wrong and what is allowed`. */
export function problemText(file: string, { line, column, path, message }: Problem): string {
  return `${file}:${line}:${column} ${path.length > 0 ? `${pathText(path)}: ` : ''}${message}`;
}
