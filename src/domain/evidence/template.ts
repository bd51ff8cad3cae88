// The words of a pack, from templates/evidence-pack/v1: versioned files whose digest is recorded in every pack made with them.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256Hex } from '../../kernel/digest.js';
import { jurisdictionName } from '../../kernel/jurisdiction.js';
import { PACK_KINDS, type PackKind, type PackLanguage } from './pack.js';
import type { Piece, Words } from './pdf/words.js';

export const TEMPLATE = 'evidence-pack/v1';
const LANGUAGES = ['en', 'zh'] as const;
type Language = (typeof LANGUAGES)[number];

/** What a placeholder is filled with: a text as it is, the label of a recorded word or words (the word itself when it has none), names of places, or a period (P12M) in words. */
export type Param = string | number | bigint | { readonly label: string; readonly word: string | readonly string[] } | { readonly places: readonly string[] } | { readonly period: string };
export type Params = Readonly<Record<string, Param>>;

export interface Labels {
  /** The label in the pack's language or languages, `{name}` placeholders filled. Throws for a label the template lacks. */
  words(key: string, params?: Params): Words;
  /** Label of a recorded word; the word itself where the template has none. */
  word(group: string, word: string): Words;
  /** Label and meaning of a column of a record table. */
  field(table: string, column: string): { readonly label: Words; readonly meaning: Words };
  /** Names of jurisdictions with their codes. */
  places(codes: readonly string[]): Words;
}

interface Tree { readonly [key: string]: string | readonly string[] | Tree }
/** What the file of a kind says: its sections in order, how records are printed, what a scheme allows, what is taken out, its own words. */
export interface KindTemplate {
  readonly sections: readonly string[]; readonly layout: 'fields' | 'rows'; readonly greyscale: boolean; readonly most_pages: number | null; readonly most_bytes: number | null;
  readonly redact: readonly string[]; readonly words: Readonly<Record<Language, Readonly<{ title: string; about: string }>>>;
}
interface Template { readonly name: string; readonly kind: KindTemplate; readonly trees: Readonly<Record<Language, Tree>>; /** SHA-256 over the words in English, in Chinese, and the kind's file. */ readonly digest: string }

const loaded = new Map<PackKind, Template>();

/** Reads the template of a kind once. */
export function loadTemplate(kind: PackKind): Template {
  const known = loaded.get(kind);
  if (known) return known;
  if (!PACK_KINDS.includes(kind)) throw new RangeError(`no kind of pack: ${String(kind)}`);
  const texts = [...LANGUAGES.map((language) => `${language}.json`), `kinds/${kind}.json`].map((file) => readFileSync(join(templateFolder(), file), 'utf8'));
  const [en, zh, own] = texts.map((text) => JSON.parse(text) as Tree);
  const kindTemplate = own as unknown as KindTemplate;
  const template = { name: `${TEMPLATE}/${kind}`, kind: kindTemplate, trees: { en: { ...en!, kind: kindTemplate.words.en }, zh: { ...zh!, kind: kindTemplate.words.zh } }, digest: sha256Hex(...texts) };
  loaded.set(kind, template);
  return template;
}

function templateFolder(): string { return join(installationFolder(), 'templates', TEMPLATE); }

/** The folder that holds templates and package.json, from the sources as from the compiled program. */
export function installationFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'templates', TEMPLATE))) return folder;
  }
  throw new Error(`templates/${TEMPLATE} is missing from the installation`);
}

/** Labels in the language of a pack; 'both' gives English first. Chinese pieces beside English ones carry their language. */
export function labelsFor(language: PackLanguage, kind: PackKind = 'dispute'): Labels {
  const { trees } = loadTemplate(kind);
  const languages: readonly Language[] = language === 'both' ? LANGUAGES : [language];
  const pieces = (text: (one: Language) => string): Words => {
    const each = languages.map((one): Piece => (one === 'zh' && language === 'both' ? { text: text(one), lang: 'zh-CN' } : { text: text(one) }));
    return each.length === 2 && each[0]!.text === each[1]!.text ? each.slice(0, 1) : each;
  };
  const label = (one: Language, key: string): string => {
    const found = lookUp(trees[one], key);
    if (typeof found !== 'string') throw new Error(`the template has no label ${key} in ${one}`);
    return found;
  };
  const fill = (one: Language, key: string, params: Params): string => label(one, key).replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`label ${key} lacks its ${name}`);
    if (typeof value !== 'object') return String(value);
    if ('places' in value) return placeNames(one, value.places);
    if ('period' in value) return periodIn(one, value.period);
    return typeof value.word === 'string' ? wordIn(one, value.label, value.word) : listed(one, value.word.map((word) => wordIn(one, value.label, word)));
  });
  const wordIn = (one: Language, group: string, word: string): string => {
    const found = lookUp(lookUp(trees[one], group) as Tree, word, true);
    return typeof found === 'string' ? found : word;
  };
  /** "12 months", "1 year 6 months"; the period itself where it is none. */
  const periodIn = (one: Language, period: string): string => {
    const parts = [...period.matchAll(/(\d+)([YMWDH])/g)].map(([, count, unit]) => {
      const [singular, plural] = lookUp(trees[one], `period.${unit!}`) as readonly [string, string];
      return `${count!}${count === '1' ? singular : plural}`;
    });
    return parts.length === 0 ? period : parts.join(one === 'zh' ? '' : ' ');
  };
  const listed = (one: Language, items: readonly string[]): string => items.join(one === 'zh' ? '、' : ', ');
  const placeNames = (one: Language, codes: readonly string[]): string => listed(one, codes.map((code) => `${code} ${jurisdictionName(code, one)}`));
  return {
    words: (key, params = {}) => pieces((one) => fill(one, key, params)),
    word: (group, word) => pieces((one) => wordIn(one, group, word)),
    field: (table, column) => {
      const entry = (one: Language): readonly string[] => {
        const fields = trees[one]['fields'] as Tree;
        const found = fields[`${table}.${column}`] ?? fields[column];
        if (!Array.isArray(found)) throw new Error(`the template has no field ${table}.${column} in ${one}`);
        return found as readonly string[];
      };
      return { label: pieces((one) => entry(one)[0]!), meaning: pieces((one) => entry(one)[1]!) };
    },
    places: (codes) => pieces((one) => placeNames(one, codes)),
  };
}

/** `whole`: the key is one name, dots included. */
function lookUp(tree: Tree, key: string, whole = false): Tree[string] | undefined {
  let at: Tree[string] | undefined = tree;
  for (const name of whole ? [key] : key.split('.')) {
    if (typeof at !== 'object' || Array.isArray(at) || !Object.hasOwn(at, name)) return undefined;
    at = (at as Tree)[name];
  }
  return at;
}
