import { readdirSync, readFileSync } from 'node:fs';
import { ERROR_TITLES_ZH, VALIDATION_ZH } from '../../../src/entrypoints/console/i18n/errors.js';
import { chosenLanguage } from '../../../src/entrypoints/console/i18n/language.js';
import { locale, wordsOf } from '../../../src/entrypoints/console/i18n/locale.js';
import { ERRORS } from '../../../src/kernel/errors.js';

const COMPONENTS = 'src/entrypoints/console/components';
const english = wordsOf('en'), chinese = wordsOf('zh-CN');

/** Keys a component asks for by name: `words.t('a.b')`, and `t('b')` where the file binds t to a prefix. */
function keysIn(source: string): string[] {
  const whole = [...source.matchAll(/words\.t\('([\w.]+)'/g)].map((match) => match[1]!);
  const prefix = /words\.t\(`(\w+)\.\$\{key\}`/.exec(source)?.[1];
  const bound = prefix ? [...source.matchAll(/(?<![\w.])t\('(\w+)'/g)].map((match) => `${prefix}.${match[1]}`) : [];
  return [...whole, ...bound];
}

test('every text a component asks for exists', () => {
  const missing = readdirSync(COMPONENTS).flatMap((file) => keysIn(readFileSync(`${COMPONENTS}/${file}`, 'utf8')).filter((key) => !english[key]).map((key) => `${file}: ${key}`));
  expect(missing).toEqual([]);
  expect(keysIn(readFileSync(`${COMPONENTS}/purge.tsx`, 'utf8')).length).toBeGreaterThan(10);
});

test('both languages say the same things, with the same figures in them', () => {
  const holes = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]!).sort();
  const differing = Object.keys(english).filter((key) => !key.startsWith('fieldHelp.') && (!chinese[key] || holes(english[key]!).join() !== holes(chinese[key]).join()));
  expect(differing).toEqual([]);
  const untranslated = Object.keys(english).filter((key) => english[key] === chinese[key] && /[a-z]{4}/.test(english[key]!) && !/LanguageSelector|openai|anthropic/.test(key));
  expect(untranslated).toEqual([]);
});

test('every refusal has Chinese words, and Chinese is called 中文', () => {
  expect(Object.keys(ERRORS).filter((code) => !ERROR_TITLES_ZH[code])).toEqual([]);
  expect(Object.values(VALIDATION_ZH).every((text) => /[\u4e00-\u9fff]/.test(text))).toBe(true);
  expect(chinese['components.LanguageSelector.availableLanguages.zh-CN']).toBe('中文');
  expect(locale.availableLanguages).toEqual(['en', 'zh-CN']);
});

test.each([
  ['holdfast_language=zh-CN', 'en', 'zh-CN'], ['a=b; holdfast_language=en', 'zh-CN', 'en'], ['holdfast_language=fr', 'zh', 'zh-CN'], ['', 'de,fr', 'en'], ['', 'zh-TW,zh;q=0.8,en;q=0.5', 'zh-CN'], ['xholdfast_language=zh-CN', 'en', 'en'],
])('cookie "%s" and a browser that asks for %s get %s', (cookie, asked, language) => {
  const wanted = asked.split(',').map((one) => one.split(';')[0]!);
  const request = { get: () => cookie, acceptsLanguages: (...offered: string[]) => wanted.map((one) => offered.find((offer) => offer === one || one.startsWith(`${offer}-`))).find(Boolean) ?? false };
  expect(chosenLanguage(request as never)).toBe(language);
});
