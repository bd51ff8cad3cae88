// From text to items that are well-formed each, with every problem that shows without a database.
import type { z } from 'zod';
import { checkItems } from './check-items.js';
import * as schemas from './configuration.schemas.js';
import { describeIssues, valueAt } from './describe-issue.js';
import type { Path, Problem } from './problem.js';
import { readYaml } from './read-yaml.js';

export interface Item<T> { readonly path: Path; readonly value: T }
export type Environment = Readonly<Record<string, string | undefined>>;

/** Items without a problem. `availability` and `redaction` are undefined where the file does not speak of them, or where a rule is wrong: they are set as a whole. */
export interface Configuration {
  readonly operator: Item<schemas.OperatorItem> | undefined;
  readonly providers: readonly Item<schemas.ProviderItem>[];
  readonly models: readonly Item<schemas.ModelItem>[];
  readonly prices: readonly Item<schemas.PriceItem>[];
  readonly accounts: readonly Item<schemas.AccountItem>[];
  readonly keys: readonly Item<schemas.KeyItem>[];
  readonly availability: readonly Item<schemas.RuleItem>[] | undefined;
  readonly redaction: readonly Item<schemas.RedactionItem>[] | undefined;
  readonly retention: readonly Item<schemas.RetentionItem>[];
}

/** Adds a problem at a path of the file. */
export type Report = (path: Path, message: string, at?: 'value' | 'key') => void;

export interface ReadFile {
  readonly configuration: Configuration;
  readonly problems: Problem[];
  /** Adds to `problems`, with the place. */
  readonly report: Report;
  /** What stands in the file at the path. */
  readonly valueAt: (path: Path) => unknown;
}

/** Reads the file; `configuration` then holds what is usable, for the checks that need a database. Undefined when it is no YAML at all. */
export function readConfiguration(text: string, env: Environment): ReadFile | { readonly problems: readonly Problem[] } {
  const yaml = readYaml(text);
  if ('problems' in yaml) return yaml;
  const { value, locate } = yaml.file, problems: Problem[] = [];
  const report: Report = (path, message, at) => { problems.push({ ...locate(path, at), path, message }); };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { problems: [{ line: 1, column: 1, path: [], message: 'must be a mapping that begins with version: 1' }] };

  const shape = schemas.fileSchema.safeParse(value);
  for (const finding of shape.error ? describeIssues(schemas.fileSchema, value, shape.error.issues) : []) report(finding.path, finding.message, finding.at);
  const read = <S extends z.ZodType>(schema: S, path: Path): Item<z.output<S>>[] => {
    const raw = valueAt(value, path), parsed = schema.safeParse(raw);
    if (parsed.success) return [{ path, value: parsed.data }];
    for (const finding of describeIssues(schema, raw, parsed.error.issues)) report([...path, ...finding.path], finding.message, finding.at);
    return [];
  };
  const list = <S extends z.ZodType>(section: string, schema: S): Item<z.output<S>>[] => {
    const raw = valueAt(value, [section]);
    return Array.isArray(raw) ? raw.flatMap((_, index) => read(schema, [section, index])) : [];
  };
  const all: Configuration = {
    operator: Object.hasOwn(value, 'operator') ? read(schemas.operatorSchema, ['operator'])[0] : undefined,
    providers: list('providers', schemas.providerSchema), models: list('models', schemas.modelSchema), prices: list('prices', schemas.priceSchema),
    accounts: list('accounts', schemas.accountSchema), keys: list('keys', schemas.keySchema), availability: list('availability', schemas.ruleSchema),
    redaction: list('redaction', schemas.redactionSchema), retention: list('retention', schemas.retentionSchema),
  };
  checkItems(all, value, env, report);
  return { configuration: withoutBroken(all, value, problems), problems, report, valueAt: (path) => valueAt(value, path) };
}

/** Only items nothing was reported about. */
function withoutBroken(all: Configuration, value: object, problems: readonly Problem[]): Configuration {
  const broken = new Set(problems.map(({ path }) => JSON.stringify(path.slice(0, path[0] === 'operator' ? 1 : 2))));
  const whole = <T>(items: readonly Item<T>[]): Item<T>[] => items.filter((item) => !broken.has(JSON.stringify(item.path)));
  const asList = <T>(section: string, items: T): T | undefined => (problems.some(({ path }) => path[0] === section) || !Object.hasOwn(value, section) ? undefined : items);
  return { operator: all.operator && whole([all.operator])[0], providers: whole(all.providers), models: whole(all.models), prices: whole(all.prices), accounts: whole(all.accounts), keys: whole(all.keys),
    availability: asList('availability', all.availability), redaction: asList('redaction', all.redaction), retention: whole(all.retention) };
}
