// Short ways to change the registry in tests, and to see that nothing was changed.
import { systemActor, type Actor, type Role } from '../../src/kernel/actor.js';
import type { Json } from '../../src/kernel/canonical-json.js';
import { isRefusal, type Refusal } from '../../src/kernel/result.js';
import type { Tx } from '../../src/platform/db/index.js';
import type { TestApp } from './database.js';

export const system = systemActor('test');
export const person = (...roles: Role[]): Actor => ({ kind: 'operator', id: 'p', name: 'Pat', roles });

/** The answer of a use case that must not be refused. */
export function ok<T>(value: T | Refusal): T {
  if (isRefusal(value)) throw new Error(`${value.code} ${value.field ?? ''}: ${value.message}`);
  return value;
}

export interface AuditRow { readonly action: string; readonly subject_kind: string; readonly subject_id: string; readonly reason: string | null; readonly before: Json; readonly after: Json }

/** `run` does one thing as `actor` in a transaction; `state` is what must not move when nothing changes. */
export function registryOf(test_: () => TestApp) {
  const read = async <T>(sql: string, values: unknown[] = []): Promise<T[]> => (await test_().app.database.reader.query(sql, values)).rows as T[];
  return {
    read,
    run: <T>(work: (tx: Tx) => Promise<T | Refusal>, actor: Actor = system): Promise<T | Refusal> => test_().app.act(actor, work),
    audit: (subjectId?: string) => read<AuditRow>('SELECT action, subject_kind, subject_id, reason, before, after FROM audit_records WHERE $1::text IS NULL OR subject_id = $1 ORDER BY record_id', [subjectId ?? null]),
    state: async (): Promise<{ records: string; version: string }> => (await read<{ records: string; version: string }>('SELECT (SELECT count(*) FROM audit_records) AS records, (SELECT version FROM registry_versions) AS version'))[0]!,
  };
}
