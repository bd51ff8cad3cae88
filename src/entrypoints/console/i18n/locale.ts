// The translations as AdminJS and our own components read them, made from the bilingual tables.
import type { Locale } from 'adminjs';
import { ERRORS } from '../../../kernel/errors.js';
import { ACTION_WORDS, FIELD_WORDS, RESULT_WORDS } from './actions.js';
import { BILLING_ACTIONS, BILLING_FIELDS, BILLING_PROPERTIES, BILLING_RESULTS, BILLING_TEXTS, BILLING_VALUES } from './billing.js';
import { BOOKS_ACTIONS, BOOKS_FIELDS, BOOKS_PROPERTIES, BOOKS_RESOURCE_NAMES, BOOKS_RESOURCE_PROPERTIES, BOOKS_RESULTS, BOOKS_TEXTS, BOOKS_VALUES } from './books.js';
import { CASE_ACTION_WORDS, CASE_FIELD_WORDS, CASE_PROPERTIES, CASE_RESOURCE_NAMES, CASE_TEXTS, CASE_VALUES, FACT_PROPERTIES } from './cases.js';
import { ERASURE_ACTIONS, ERASURE_FIELDS, ERASURE_PROPERTIES, ERASURE_RESOURCE_NAMES, ERASURE_RESULTS, ERASURE_TEXTS, ERASURE_VALUES } from './erasures.js';
import { ERROR_TITLES_ZH, VALIDATION_ZH } from './errors.js';
import { EXPLAIN_FIELDS, EXPLAIN_TEXTS } from './explain.js';
import { LANGUAGE_COOKIE, LANGUAGES } from './language.js';
import { PACK_ACTIONS, PACK_FIELDS, PACK_PROPERTIES, PACK_RESULTS, PACK_VALUES } from './packs.js';
import { PROPERTIES, RESOURCE_PROPERTIES } from './properties.js';
import { RETENTION_ACTIONS, RETENTION_FIELDS, RETENTION_PROPERTIES, RETENTION_RESOURCE_NAMES, RETENTION_RESULTS, RETENTION_TEXTS, RETENTION_VALUES } from './retention.js';
import { ADMINJS_CHINESE, RESOURCE_NAMES, TEXTS } from './texts.js';
import { PERIOD_UNITS, VALUES } from './values.js';
import { VERIFY_TEXTS } from './verify.js';

type Flat = Record<string, string>;
const LANGUAGE_NAMES: Flat = { 'components.LanguageSelector.availableLanguages.en': 'English', 'components.LanguageSelector.availableLanguages.zh-CN': '中文' };

/** All words of one language under flat keys: `home.…`, `value.…`, `help.…`, `field.…`, and AdminJS's own names. */
export function wordsOf(language: (typeof LANGUAGES)[number]): Flat {
  const at = language === 'en' ? 0 : 1;
  const pair = (prefix: string, table: Readonly<Record<string, readonly string[]>>): Flat =>
    Object.fromEntries(Object.entries(table).map(([key, words]) => [`${prefix}${key}`, words[at]!]));
  const labelled = (prefix: string, help: string, table: Readonly<Record<string, readonly [string, string, string, string]>>): Flat =>
    Object.fromEntries(Object.entries(table).flatMap(([key, words]) => [[`${prefix}${key}`, words[at * 2]!], [`${help}${key}`, words[at * 2 + 1]!]]));
  const flat: Flat = {
    ...LANGUAGE_NAMES, ...(language === 'en' ? {} : ADMINJS_CHINESE),
    ...pair('', ERASURE_TEXTS), ...pair('value.', ERASURE_VALUES), ...pair('result.', ERASURE_RESULTS), ...labelled('field.', 'fieldHelp.', ERASURE_FIELDS), ...labelled('properties.', 'help.', ERASURE_PROPERTIES),
    ...pair('', BOOKS_TEXTS), ...pair('value.', BOOKS_VALUES), ...pair('result.', BOOKS_RESULTS), ...labelled('field.', 'fieldHelp.', BOOKS_FIELDS), ...labelled('properties.', 'help.', BOOKS_PROPERTIES),
    ...pair('', BILLING_TEXTS), ...pair('value.', BILLING_VALUES), ...pair('result.', BILLING_RESULTS), ...labelled('field.', 'fieldHelp.', BILLING_FIELDS), ...labelled('properties.', 'help.', BILLING_PROPERTIES),
    ...pair('', RETENTION_TEXTS), ...pair('value.', RETENTION_VALUES), ...pair('result.', RETENTION_RESULTS), ...labelled('field.', 'fieldHelp.', RETENTION_FIELDS), ...labelled('properties.', 'help.', RETENTION_PROPERTIES),
    ...pair('', VERIFY_TEXTS), ...pair('', EXPLAIN_TEXTS), ...labelled('field.', 'fieldHelp.', EXPLAIN_FIELDS), ...pair('value.', PACK_VALUES), ...pair('result.', PACK_RESULTS), ...labelled('field.', 'fieldHelp.', PACK_FIELDS), ...labelled('properties.', 'help.', PACK_PROPERTIES),
    ...pair('', CASE_TEXTS), ...pair('', TEXTS), ...pair('value.', CASE_VALUES), ...pair('value.', VALUES), ...pair('period.', PERIOD_UNITS), ...pair('result.', RESULT_WORDS),
    ...labelled('field.', 'fieldHelp.', CASE_FIELD_WORDS), ...labelled('field.', 'fieldHelp.', FIELD_WORDS),
    ...labelled('properties.', 'help.', FACT_PROPERTIES), ...labelled('properties.', 'help.', CASE_PROPERTIES), ...labelled('properties.', 'help.', PROPERTIES),
  };
  for (const [id, words] of Object.entries({ ...ERASURE_RESOURCE_NAMES, ...RETENTION_RESOURCE_NAMES, ...CASE_RESOURCE_NAMES, ...BOOKS_RESOURCE_NAMES, ...RESOURCE_NAMES })) { flat[`labels.${id}`] = words[at]!; flat[`subtitle.${id}`] = words[at + 2]!; }
  for (const [id, table] of Object.entries({ ...RESOURCE_PROPERTIES, ...BOOKS_RESOURCE_PROPERTIES })) Object.assign(flat, labelled(`resources.${id}.properties.`, `resources.${id}.help.`, table));
  for (const [id, actions] of Object.entries({ ...ERASURE_ACTIONS, ...RETENTION_ACTIONS, ...CASE_ACTION_WORDS, ...ACTION_WORDS })) {
    for (const [name, words] of Object.entries(actions)) for (const part of ['label', 'ask', 'done'] as const) flat[`action.${id}.${name}.${part}`] = words[part][at]!;
  }
  for (const [id, actions] of Object.entries(PACK_ACTIONS)) for (const [name, words] of Object.entries(actions)) for (const part of ['label', 'ask', 'done'] as const) flat[`action.${id}.${name}.${part}`] = words[part][at]!;
  for (const [id, actions] of Object.entries(BOOKS_ACTIONS)) for (const [name, words] of Object.entries(actions)) for (const part of ['label', 'ask', 'done'] as const) flat[`action.${id}.${name}.${part}`] = words[part][at]!;
  for (const [id, actions] of Object.entries(BILLING_ACTIONS)) for (const [name, words] of Object.entries(actions)) for (const part of ['label', 'ask', 'done'] as const) flat[`action.${id}.${name}.${part}`] = words[part][at]!;
  for (const [code, entry] of Object.entries(ERRORS)) flat[`error.${code}`] = language === 'en' ? entry.title : ERROR_TITLES_ZH[code] ?? entry.title;
  if (language !== 'en') for (const [english, chinese] of Object.entries(VALIDATION_ZH)) flat[`validation.${keyOf(english)}`] = chinese;
  return flat;
}

/** Keys of translations hold no dots or colons, which i18next reads as paths. */
function keyOf(message: string): string { return message.replaceAll(/[^\w]+/g, '_'); }

export const locale: Locale = {
  language: 'en', availableLanguages: [...LANGUAGES], localeDetection: true,
  detection: { order: ['cookie', 'htmlTag'], lookupCookie: LANGUAGE_COOKIE, caches: ['cookie'], cookieMinutes: 525_600, cookieOptions: { path: '/console', sameSite: 'strict' } },
  translations: Object.fromEntries(LANGUAGES.map((language) => [language, wordsOf(language)])),
};
