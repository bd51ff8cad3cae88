import { readdirSync, readFileSync } from 'node:fs';
import { RECORD_TABLES } from '../../../src/domain/ledger/index.js';
import { PURPOSES } from '../../../src/kernel/actor.js';
import { isRedactable } from '../../../src/domain/evidence/pack-redaction.js';
import { PACK_KINDS } from '../../../src/domain/evidence/pack.js';
import { SECTION_KEYS } from '../../../src/domain/evidence/sections/sheet.js';
import { labelsFor, loadTemplate } from '../../../src/domain/evidence/template.js';

type Tree = { readonly [key: string]: string | readonly string[] | Tree };
const read = (language: string): Tree => JSON.parse(readFileSync(`templates/evidence-pack/v1/${language}.json`, 'utf8')) as Tree;
const flat = (tree: Tree, prefix = ''): [string, string][] => Object.entries(tree).flatMap(([key, value]) =>
  typeof value === 'string' ? [[`${prefix}${key}`, value] as [string, string]] : Array.isArray(value) ? value.map((text: string, index) => [`${prefix}${key}.${index}`, text] as [string, string]) : flat(value as Tree, `${prefix}${key}.`));
const en = new Map(flat(read('en'))), zh = new Map(flat(read('zh')));

test('both languages have the same labels with the same placeholders', () => {
  expect([...zh.keys()].sort()).toEqual([...en.keys()].sort());
  const holes = (text: string): string[] => [...new Set([...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole))].sort();
  for (const [key, text] of en) expect([key, holes(zh.get(key)!)]).toEqual([key, holes(text)]);
});

test('every label is used somewhere', () => {
  const code = readdirSync('src/domain/evidence', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => readFileSync(`src/domain/evidence/${name}`, 'utf8')).join('\n');
  const words = ['purpose', 'status', 'outcome', 'usage_source', 'category', 'basis', 'covers', 'bucket', 'action', 'data_type', 'fields', 'section', 'match_element', 'match_agreement', 'match_reason'];
  const composed = /^(?:method\.\w+_title|retention\.starts\.|purge\.(?:triggers|methods)\.)|_alone$/;
  const unused = [...en.keys()].filter((key) => !words.includes(key.split('.')[0]!) && !composed.test(key) && !code.includes(key.split('.').at(-1)!.replace(/\d$/, '')));
  expect(unused).toEqual([]);
});

test('every column of the records a pack holds has a label and a meaning in both languages', () => {
  for (const language of ['en', 'zh'] as const) {
    for (const table of ['calls', 'transfers', 'transfer_outcomes', 'audit_records'] as const) {
      for (const column of Object.keys(RECORD_TABLES[table].columns)) {
        const { label, meaning } = labelsFor(language).field(table, column);
        expect(label[0]!.text.length * meaning[0]!.text.length).toBeGreaterThan(0);
      }
    }
  }
});

test('every published purpose has a name in both languages', () => {
  for (const purpose of PURPOSES) expect(labelsFor('both').word('purpose', purpose)).toHaveLength(2);
});

test('a word the template does not know is printed as it was recorded', () => { expect(labelsFor('en').word('status', 'new_status')).toEqual([{ text: 'new_status' }]); });

test('a missing label or parameter is a failure, not an empty place', () => {
  expect(() => labelsFor('en').words('cover.nothing')).toThrow('cover.nothing');
  expect(() => labelsFor('en').words('doc.page')).toThrow('lacks its n');
});

test('Chinese beside English carries its language; alone it is the language of the document', () => {
  expect(labelsFor('both').words('doc.yes')).toEqual([{ text: 'yes' }, { text: '是', lang: 'zh-CN' }]);
  expect(labelsFor('zh').words('doc.yes')).toEqual([{ text: '是' }]);
});

test('each kind has a template of its own, with a digest of its own, whose sections are all known and whose words are in both languages', () => {
  const digests = PACK_KINDS.map((kind) => loadTemplate(kind).digest);
  expect(new Set(digests).size).toBe(PACK_KINDS.length);
  for (const kind of PACK_KINDS) {
    const { sections, words, redact } = loadTemplate(kind).kind;
    for (const key of sections) expect(SECTION_KEYS).toContain(key);
    for (const column of redact) expect(isRedactable(column)).toBe(true);
    for (const language of ['en', 'zh'] as const) expect(words[language].title.length * words[language].about.length).toBeGreaterThan(0);
  }
});
