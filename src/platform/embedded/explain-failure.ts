// A failed start as one line that says what is wrong and what to do; the details are in the logs.
import { coerceError, HoldfastError } from '../../kernel/errors.js';
import { redactText } from '../../kernel/redact.js';

interface Details { readonly code?: string; readonly path?: string; readonly syscall?: string; readonly port?: number; readonly address?: string }

/** `home` is the data folder the start was about. */
export function explainFailure(thrown: unknown, home: string): string {
  const error = coerceError(thrown);
  const { code, path, port, address } = error as Error & Details;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === '53100' || /No space left on device|Disk quota exceeded/i.test(error.message)) {
    return `no space is left on the disk of ${home}; free some and start again (nothing is damaged)`;
  }
  if (error instanceof HoldfastError) return error.message;
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return port === undefined
      ? `${path ?? home} cannot be written (${code}); make it writable, or choose another folder with HOLDFAST_HOME`
      : `port ${port} may not be opened by this user (${code}); choose one above 1023 with GATEWAY_PORT or CONSOLE_PORT`;
  }
  if (code === 'ENOTDIR' || code === 'ENOENT' || code === 'EISDIR') return `${path ?? home} cannot be made (${code}); choose another folder with HOLDFAST_HOME`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `${address ?? 'the host'} cannot be used (${code}); check HOLDFAST_BIND, DATABASE_URL and REDIS_URL`;
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'ETIMEDOUT') return `the server at ${address ?? 'its address'}${port ? `:${port}` : ''} does not answer (${code}); check DATABASE_URL and REDIS_URL`;
  if (code === '28P01' || code === '28000') return 'PostgreSQL refuses the user or password of DATABASE_URL';
  if (code === '3D000') return 'the database of DATABASE_URL does not exist; create it first';
  return redactText(error.message.split('\n')[0] || error.name);
}
