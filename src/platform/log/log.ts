// Structured logs: one JSON object a line on stdout, redacted. Levels: error = someone must act; warn = someone should look.
import { redact, redactText } from '../../kernel/redact.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
const RANK: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** A logger for one process role. `write` receives whole lines, ending in a newline. */
export function createLogger(role: string, level: LogLevel, write: (line: string) => void = (line) => { process.stdout.write(line); }): Logger {
  const emit = (at: LogLevel) => (message: string, fields: Record<string, unknown> = {}): void => {
    if (RANK[at] < RANK[level]) return;
    const safe = redact(fields) as Record<string, unknown>;
    write(`${JSON.stringify({ at: new Date().toISOString(), level: at, role, message: redactText(message), ...safe })}\n`);
  };
  return { debug: emit('debug'), info: emit('info'), warn: emit('warn'), error: emit('error') };
}
