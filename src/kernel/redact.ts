// What must never reach a log, an error text or a job payload.

const SECRET_FIELD = /(secret|password|passphrase|authorization|api[-_]?key|token|cookie|credential|private)/i;
const SECRET_TEXT = /\b(?:sk|hf|hfk|hft)[-_][A-Za-z0-9_-]{8,}|\bBearer\s+[A-Za-z0-9._~+/=-]{8,}|\b(?:postgres(?:ql)?|rediss?):\/\/[^\s@/]*:[^\s@/]*@/g;

/** The text with credentials and URL passwords replaced by `[redacted]`. */
export function redactText(text: string): string {
  return text.replace(SECRET_TEXT, '[redacted]');
}

/** A JSON-safe copy in which secret-named fields and secret-looking texts are replaced; depth is bounded at 6. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return value;
  if (depth >= 6) return '[deep]';
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Error) return { name: value.name, message: redactText(value.message), stack: redactText(value.stack ?? '') };
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) =>
    [key, SECRET_FIELD.test(key) ? '[redacted]' : redact(item, depth + 1)]));
}
