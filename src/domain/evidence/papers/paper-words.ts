// The words of papers that are no packs (invoices, reports), from templates/papers/v1, in the language of the paper or in both.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jurisdictionName } from '../../../kernel/jurisdiction.js';
import type { Piece, Words } from '../pdf/words.js';
import { installationFolder } from '../template.js';

export const PAPER_LANGUAGES = ['en', 'zh', 'both'] as const;
export type PaperLanguage = (typeof PAPER_LANGUAGES)[number];
const LANGUAGES = ['en', 'zh'] as const;
type Language = (typeof LANGUAGES)[number];
type Table = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface PaperWords {
  /** Words of a group, `{name}` placeholders filled; throws for one the template lacks. */
  words(group: string, key: string, params?: Readonly<Record<string, string | number | bigint>>): Words;
  /** The word for a recorded value; the value itself where the template has none. */
  word(group: string, value: string): Words;
  place(code: string): Words;
}

let loaded: Readonly<Record<Language, Table>> | undefined;
function tables(): Readonly<Record<Language, Table>> {
  const read = (language: Language): Table => JSON.parse(readFileSync(join(installationFolder(), 'templates', 'papers', 'v1', `${language}.json`), 'utf8')) as Table;
  return loaded ??= { en: read('en'), zh: read('zh') };
}

/** Words in one language, or in English with Chinese below it. */
export function paperWords(language: PaperLanguage): PaperWords {
  const languages = language === 'both' ? LANGUAGES : [language];
  const pieces = (text: (one: Language) => string): Words => {
    const each = languages.map((one): Piece => (one === 'zh' && language === 'both' ? { text: text(one), lang: 'zh-CN' } : { text: text(one) }));
    return each.length === 2 && each[0]!.text === each[1]!.text ? each.slice(0, 1) : each;
  };
  return {
    words: (group, key, params = {}) => pieces((one) => {
      const text = tables()[one][group]?.[key];
      if (text === undefined) throw new Error(`the template of papers has no ${group}.${key} in ${one}`);
      return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
        const value = params[name];
        if (value === undefined) throw new Error(`${group}.${key} lacks its ${name}`);
        return String(value);
      });
    }),
    word: (group, value) => pieces((one) => tables()[one][group]?.[value] ?? value),
    place: (code) => pieces((one) => (code === '' ? '–' : `${code} ${jurisdictionName(code, one)}`)),
  };
}
