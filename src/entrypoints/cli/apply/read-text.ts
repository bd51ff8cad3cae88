// The bytes of a configuration file as text.
import { readFileSync } from 'node:fs';
import { HoldfastError } from '../../../kernel/errors.js';

/** Throws `invalid_configuration` when the file cannot be read or is not UTF-8. */
export function readConfigurationText(file: string): string {
  let bytes: Buffer;
  try { bytes = readFileSync(file); } catch (error) {
    throw new HoldfastError('invalid_configuration', `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'}); give the path of a configuration file`);
  }
  try { return new TextDecoder('utf-8', { fatal: true }).decode(bytes); } catch { throw new HoldfastError('invalid_configuration', `${file} is not UTF-8 text`); }
}
