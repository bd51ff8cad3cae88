// What a call may use beside plain tokens: audio and image tokens, pictures, sound, characters. Most calls use none of it.

/**
 * `*_tokens` are parts of a usage's input or output. `images` are pictures made, `audio_ms` milliseconds of sound heard or spoken,
 * `characters` what is read aloud; these three stand beside the tokens.
 */
export const UNITS = ['input_audio_tokens', 'output_audio_tokens', 'input_image_tokens', 'output_image_tokens', 'images', 'audio_ms', 'characters'] as const;
export type Unit = (typeof UNITS)[number];
export type Units = Readonly<Partial<Record<Unit, bigint>>>;

/** The form of a column: decimal text by unit, in the order of UNITS; null when there is nothing to say. */
export type UnitColumn = Readonly<Record<string, string>> | null;

/** Units as a jsonb column has them. */
export function unitColumn(units: Units | null | undefined): UnitColumn {
  if (!units) return null;
  const column: Record<string, string> = {};
  for (const unit of UNITS) { const count = units[unit]; if (count !== undefined) column[unit] = count.toString(); }
  return Object.keys(column).length > 0 ? column : null;
}

/** Units from a jsonb column; undefined when it is null. Throws RangeError for anything that `unitColumn` does not make. */
export function unitsFrom(column: unknown): Units | undefined {
  if (column === null || column === undefined) return undefined;
  if (typeof column !== 'object' || Array.isArray(column)) throw new RangeError('units are an object of decimal texts');
  const units: Partial<Record<Unit, bigint>> = {};
  for (const [name, count] of Object.entries(column)) {
    const unit = UNITS.find((one) => one === name);
    if (unit === undefined || typeof count !== 'string' || !/^\d{1,18}$/.test(count)) throw new RangeError(`"${name}" is not a unit with a decimal count`);
    units[unit] = BigInt(count);
  }
  return units;
}
