// What shows when items are looked at together, or against the environment: duplicates, fields that need each other, variables not set.
import { valueAt } from './describe-issue.js';
import type { Path } from './problem.js';
import type { Configuration, Environment, Report } from './read-configuration.js';

/** Reports by the raw `value`, so that what is wrong with one field of an item does not hide what is wrong with it as a whole. */
export function checkItems(all: Configuration, value: object, env: Environment, report: Report): void {
  const items = (section: string): { path: Path; get: (...path: (string | number)[]) => unknown }[] => {
    const raw = valueAt(value, [section]);
    return Array.isArray(raw) ? raw.map((item: unknown, index) => ({ path: [section, index], get: (...path) => valueAt(item, path) })) : [];
  };
  // The name an item goes by: `at` is where a second one of it is reported.
  const once = (section: string, at: string, nameOf: (get: (...path: (string | number)[]) => unknown) => readonly unknown[]): void => {
    const seen = new Map<string, Path>();
    for (const { path, get } of items(section)) {
      const parts = nameOf(get);
      if (parts.some((part) => part === undefined)) continue;
      const name = JSON.stringify(parts), first = seen.get(name);
      if (first) report([...path, at], `stands in the file before, in ${section}[${String(first[1])}]; describe each thing once`);
      else seen.set(name, path);
    }
  };
  once('providers', 'id', (get) => [get('id')]);
  once('models', 'id', (get) => [get('id')]);
  once('accounts', 'id', (get) => [get('id')]);
  once('keys', 'name', (get) => [get('account'), get('name')]);
  once('prices', 'effectiveFrom', (get) => [get('model'), get('provider'), get('effectiveFrom')]);
  once('retention', 'dataType', (get) => [get('dataType'), get('where', 'account') ?? null, get('where', 'jurisdiction') ?? null]);

  for (const { path, get } of items('providers')) {
    const category = get('category');
    for (const field of ['protocol', 'baseUrl']) if (category === 'model' && get(field) === undefined) report([...path, field], 'is missing; a provider of category model needs protocol (openai or anthropic) and baseUrl');
    for (const field of ['protocol', 'baseUrl', 'credential', 'standIn']) if (typeof category === 'string' && category !== 'model' && get(field) !== undefined) report([...path, field], 'only a provider of category model has one; leave it out', 'key');
  }
  for (const item of all.providers) {
    eachOnce(item.value.terms.map((terms) => terms.version), (index) => { report([...item.path, 'terms', index, 'version'], 'stands in the list before; a version is described once'); });
    needVariable(item.value.credential?.env, [...item.path, 'credential', 'env']);
  }
  for (const item of all.accounts) {
    eachOnce(item.value.confirmations.map(({ to, confirmedAt }) => `${to} ${confirmedAt}`), (index) => { report([...item.path, 'confirmations', index, 'confirmedAt'], 'a confirmation for this destination and day stands in the list before'); });
  }
  for (const item of all.keys) needVariable(item.value.secret.env, [...item.path, 'secret', 'env']);

  function needVariable(name: string | undefined, path: Path): void {
    if (name !== undefined && !env[name]) report(path, `the environment variable ${name} is not set; set it to the secret and apply again`);
  }
}

function eachOnce(names: readonly string[], reportAt: (index: number) => void): void {
  names.forEach((name, index) => { if (names.indexOf(name) < index) reportAt(index); });
}
