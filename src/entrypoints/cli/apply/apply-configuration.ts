// Applies a read file in one transaction: every item through its use case, every refusal with its place, and nothing kept if there is one.
import type { App } from '../../../app.js';
import type { Actor } from '../../../kernel/actor.js';
import { isRefusal, refuse, type Refusal } from '../../../kernel/result.js';
import type { Tx } from '../../../platform/db/index.js';
import { applyCustomers } from './apply-customers.js';
import { applyRules } from './apply-rules.js';
import { applyThirdParties } from './apply-third-parties.js';
import { pathOf, type Path } from './problem.js';
import type { Environment, ReadFile } from './read-configuration.js';

export type ApplyApp = Pick<App, 'act' | 'security' | 'billing' | 'providers' | 'crossBorder' | 'retention'>;
export type Outcome = 'created' | 'changed' | 'unchanged';
/** `name` tells the item apart within its kind; `note` is something to know about it. */
export interface Change { readonly kind: string; readonly name: string; readonly outcome: Outcome; readonly note?: string }

/** What the parts get. `take` runs one use case: it notes a change, or reports the refusal at `path`, with fields renamed by `fields`; false then. */
export interface Applying {
  readonly app: ApplyApp; readonly tx: Tx; readonly env: Environment; readonly confirmShortening: boolean;
  readonly take: <T extends { readonly changed: boolean }>(item: { kind: string; name: string; path: Path; fields?: Readonly<Record<string, string>> },
    work: Promise<T | Refusal>, tell?: (answer: T) => { outcome?: Outcome; note?: string }) => Promise<boolean>;
}

/** Returns what changed; problems are in `file.problems`, and if there is one, nothing was changed. With `dryRun` nothing is changed either. */
export async function applyConfiguration(app: ApplyApp, actor: Actor, file: ReadFile, env: Environment, options: { dryRun?: boolean; confirmShortening?: boolean } = {}): Promise<Change[]> {
  const changes: Change[] = [];
  await app.act(actor, async (tx): Promise<Refusal | undefined> => {
    const applying: Applying = { app, tx, env, confirmShortening: options.confirmShortening ?? false, take: async ({ kind, name, path, fields = {} }, work, tell) => {
      const answer = await work;
      if (isRefusal(answer)) { reportRefusal(file, path, fields, answer); return false; }
      const told = tell?.(answer), created = 'created' in answer && answer.created === true;
      changes.push({ kind, name, outcome: !answer.changed ? 'unchanged' : told?.outcome ?? (created ? 'created' : 'changed'), ...(told?.note ? { note: told.note } : {}) });
      return true;
    } };
    // In the order in which things rest on each other, whatever the order in the file.
    const { configuration } = file;
    if (configuration.operator) {
      await applying.take({ kind: 'operator', name: configuration.operator.value.name, path: configuration.operator.path }, app.security.setOperatorProfile(tx, configuration.operator.value));
    }
    await applyThirdParties(applying, configuration);
    await applyCustomers(applying, configuration);
    await applyRules(applying, configuration);
    // A refusal rolls all of it back: a file is applied whole or not at all.
    return file.problems.length > 0 || options.dryRun ? refuse('invalid_configuration', 'nothing was changed') : undefined;
  });
  return changes;
}

function reportRefusal(file: ReadFile, path: Path, fields: Readonly<Record<string, string>>, refusal: Refusal): void {
  const [first, ...rest] = pathOf(refusal.field ?? '');
  const named = typeof first === 'string' ? pathOf(fields[first] ?? first) : first === undefined ? [] : [first];
  const where = [...path, ...named, ...rest];
  const about = file.valueAt(where);
  // It is not there because its own description in this file has a problem, which is reported: no second one for what rests on it.
  if (refusal.code === 'not_found' && typeof about === 'string' && isDescribed(file, about)) return;
  file.report(about === undefined ? path : where, refusal.message);
}

function isDescribed(file: ReadFile, id: string): boolean {
  return ['providers', 'accounts'].some((section) => {
    const items = file.valueAt([section]);
    return Array.isArray(items) && items.some((_, index) => file.valueAt([section, index, 'id']) === id);
  });
}
