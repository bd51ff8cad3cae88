import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { heading, listing, notice, paragraph } from '../../../src/domain/evidence/pdf/blocks.js';
import { openDocument, type Pdf } from '../../../src/domain/evidence/pdf/open-document.js';
import type { StructureElement } from '../../../src/domain/evidence/pdf/pdfkit-internals.js';
import { facts, table, type Cell } from '../../../src/domain/evidence/pdf/table.js';
import { plain } from '../../../src/domain/evidence/pdf/words.js';
import { assertPdfA3, pdfA3Problems } from '../../support/assert-pdfa3.js';
import { asFile, output, testWithTools } from '../../support/pdf-tools.js';

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'holdfast-engine-')); });
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });
const at = new Date('2026-11-24T12:00:00Z');
const mono = (text: string): Cell => ({ words: plain(text), style: 'mono' });

/** Customer text of every awkward kind. */
const STRANGE = ['中文，简体与繁體', 'العربية', 'עברית', '😀 👨‍👩‍👧 🇩🇪', 'nul \u0000 bell \u0007 newline \n tab \t', 'bidi \u202Eevil\u202C \u2066x\u2069', 'lone \uD800 and \uDC00', 'e\u0301 a\u0308\u0301\u0302', '</rdf:li> & <b> "q"', '\\u{41}', '(parens) \\ back', '𝔘𝔫𝔦 ﷽ \u{10FFFF} \uFFFE', 'हिन्दी क्षत्रिय ภาษาไทย น้ำ',
  'السلام عليكم ورحمة الله (نص 123 abc) شكراً', 'he said שלום עולם (x) 45 and left', 'שָׁלוֹם שלום, עולם! a-b 12', '❤️ 1️⃣ 👍🏽 🧑🏻‍❤️‍💋‍🧑🏼'];

let count = 0;
async function document(draw: (pdf: Pdf, root: StructureElement) => Promise<void>, title = 'A document'): Promise<Buffer> {
  const path = join(folder, `${count += 1}.pdf`);
  const pdf = await openDocument({ path, title, author: 'Example & <Co>', subject: 'test', producer: 'Holdfast test', lang: 'en', at, header: { left: 'EP-1', right: 'Confidential · 机密' },
    footer: { left: 'Example', page: (n) => `Page ${n}`, rest: (total) => ` of ${total}` } });
  await pdf.newPage();
  const section = pdf.element(pdf.root, 'Sect');
  await draw(pdf, section);
  section.end();
  await pdf.attach({ name: 'pack.json', type: 'application/json', description: 'data', pieces: [Buffer.from('{"a":1}')] });
  await pdf.finish({ signer: 's', reason: 'r', location: 'l', at });
  return readFileSync(path);
}

const everything = (): Promise<Buffer> => document(async (pdf, root) => {
  await heading(pdf, root, 1, [{ text: 'Heading' }, { text: '标题', lang: 'zh-CN' }]);
  await paragraph(pdf, root, [{ text: 'A paragraph. '.repeat(60) }, { text: '一段文字。'.repeat(80), lang: 'zh-CN' }]);
  await heading(pdf, root, 2, plain('Second level'));
  await notice(pdf, root, plain('Not qualified: no legal presumption.'));
  await listing(pdf, root, `pdfsig x.pdf\n${'f'.repeat(400)}`);
  await facts(pdf, root, STRANGE.map((text, index) => [plain(`strange ${index}`), mono(text)]));
  await table(pdf, root, [{ title: plain('A'), share: 0.3 }, { title: [{ text: 'B' }, { text: '乙', lang: 'zh-CN' }], share: 0.5 }, { title: plain('C'), share: 0.2, align: 'right' }],
    Array.from({ length: 80 }, (_, row) => [{ words: plain(STRANGE[row % STRANGE.length]!), header: true }, mono('v'.repeat(row * 7)), { words: plain(String(row)) }]));
}, `Title & <x> ${STRANGE.join(' ')}`);

test('a document of every block and every awkward text keeps the rules of PDF/A-3a and PDF/UA-1', async () => { assertPdfA3(await everything()); });

test('the same content and date give the same bytes', async () => { expect((await everything()).equals(await everything())).toBe(true); });

test('the rules see what breaks them', async () => {
  const bytes = (await everything()).toString('latin1');
  const broken = (from: string | RegExp, to: string): string => pdfA3Problems(Buffer.from(bytes.replace(from, to), 'latin1')).join('\n');
  expect(broken('/GTS_PDFA1', '/GTS_PDFX1')).toContain('output intent');
  expect(broken('<pdfaid:conformance>A', '<pdfaid:conformance>B')).toContain('pdfaid:conformance');
  expect(broken('</dc:title>', '</dc:titel>')).toContain('not well-formed');
  expect(broken('/F 132', '/F 128')).toContain('not printed');
  expect(broken('/AFRelationship', '/AFRelationshix')).toContain('attachment');
  expect(broken('/Marked true', '/Markex true')).toContain('not tagged');
  expect(broken('/Scope/Column', '/Scopx/Column')).toContain('scope');
  expect(broken('/S/H2', '/S/H4')).toContain('heading level 4 follows');
});

testWithTools(['qpdf', 'pdffonts', 'pdftotext', 'pdfdetach'], 'qpdf finds no error, poppler finds every font embedded, the text and the attachment', async () => {
  const path = asFile(await everything());
  expect(output('qpdf', '--check', path)).toContain('No syntax or stream encoding errors');
  const fonts = output('pdffonts', path).trim().split('\n').slice(2);
  expect(fonts.length).toBeGreaterThanOrEqual(4);
  for (const font of fonts) expect(font).toMatch(/CID TrueType\s+Identity-H\s+yes yes yes/);
  const text = output('pdftotext', path, '-');
  for (const shown of ['中文，简体与繁體', '\\u{202e}evil\\u{202c}', 'lone \\u{d800} and \\u{dc00}', 'nul \\u{0} bell \\u{7} newline \\u{a}', 'Page 1 of', '一段文字。']) expect(text).toContain(shown);
  expect(output('pdfdetach', '-list', path)).toContain('pack.json');
});

testWithTools(['pdftotext'], 'text that begins at the right stands at the right, in paragraphs and in cells', async () => {
  const bytes = await document(async (pdf, root) => {
    await heading(pdf, root, 1, plain('Sides'));
    await paragraph(pdf, root, plain('שלום'));
    await facts(pdf, root, [[plain('name'), mono('עולם')], [plain('other'), mono('latin')]]);
  });
  const left = (word: string): number => Number(new RegExp(`xMin="([\\d.]+)"[^>]*>${word}<`).exec(output('pdftotext', '-bbox', asFile(bytes), '-'))![1]);
  // The tool tells the letters as they stand on the page, from the left.
  for (const word of ['שלום', 'עולם']) expect(left(Array.from(word).reverse().join(''))).toBeGreaterThan(450);
  expect(left('latin')).toBeLessThan(250);
});

test('an unbroken megabyte is set in many turns, never in one', async () => {
  const longest = watchTurns();
  const bytes = await document(async (pdf, root) => {
    await heading(pdf, root, 1, plain('A megabyte'));
    await table(pdf, root, [{ title: plain('Name'), share: 0.3 }, { title: plain('Value'), share: 0.7 }], [[{ words: plain('big') }, mono('aB3'.repeat(349_526))]]);
  });
  expect(longest()).toBeLessThan(1_000); // of CPU time; the whole document takes many times that
  assertPdfA3(bytes);
});

test('rows that fit on a page are not torn, and the heading of a table is repeated on every page', async () => {
  const bytes = await document((pdf, root) => table(pdf, root, [{ title: plain('Repeated title'), share: 1 }], Array.from({ length: 40 }, (_, row) => [{ words: Array.from({ length: 5 }, (__, line) => ({ text: `row ${row} line ${line}` })) }])));
  const pages = readPages(asFile(bytes));
  for (const page of pages) {
    expect(page).toContain('Repeated title');
    for (const row of new Set([...page.matchAll(/row (\d+) line/g)].map(([, number]) => number))) expect([...page.matchAll(new RegExp(`row ${row} line`, 'g'))]).toHaveLength(5);
  }
});

test('a file that cannot be written is reported, not waited for', async () => {
  writeFileSync(join(folder, 'taken.pdf'), '');
  const pdf = await openDocument({ path: join(folder, 'taken.pdf'), title: 't', author: '', subject: '', producer: '', lang: 'en', at, header: { left: '', right: '' }, footer: { left: '', page: () => '', rest: () => '' } });
  await expect((async () => { await pdf.newPage(); await pdf.finish({ signer: '', reason: '', location: '', at }); })()).rejects.toThrow('EEXIST');
});

/** Milliseconds of our CPU time in the longest turn of the event loop so far; unlike wall time it does not grow when the machine is busy with others. */
function watchTurns(): () => number {
  const cpu = (): number => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
  let last = cpu(), longest = 0, watching = true;
  const turn = (): void => {
    const now = cpu();
    longest = Math.max(longest, now - last);
    last = now;
    if (watching) setImmediate(turn);
  };
  setImmediate(turn);
  return () => { watching = false; return longest; };
}

function readPages(path: string): string[] {
  return output('pdftotext', '-layout', path, '-').split('\f').filter((page) => page.trim() !== '');
}
