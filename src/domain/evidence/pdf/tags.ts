// The structure tree of a document, written page by page. pdfkit keeps every element and every piece of content as objects until the end,
// 700 bytes a cell; here an element that ended is 80 bytes of text until its page is complete, and then nothing.
import type { PdfDocument, StructureElement } from './pdfkit-internals.js';

export interface TagOptions { readonly lang?: string; readonly scope?: 'Column' | 'Row' }

/** pdfkit prints what is no plain object by its text. */
class Reference {
  readonly [Symbol.toStringTag] = 'Reference';
  constructor(private readonly id: number) {}
  toString(): string { return `${this.id} 0 R`; }
}

class Element implements StructureElement {
  /** Kids as they will be printed. */
  kids = '';
  /** Page of the first content of its own. */
  page = 0;
  openKids = 0;
  constructor(private readonly tags: Tags, readonly id: number, readonly parent: Element | undefined, readonly head: string) {}
  end(): void { this.tags.end(this); }
}

export class Tags {
  readonly root: StructureElement;
  readonly #doc: PdfDocument;
  /** Element of each marked piece of the current page, by its number on the page. */
  #marked: number[] = [];
  #ids: number[] = [];
  #texts: string[] = [];

  constructor(doc: PdfDocument, lang: string) {
    this.#doc = doc;
    const tree = doc._root.data['StructTreeRoot'] as { readonly id: number; readonly data: Record<string, unknown> };
    const root = new Element(this, this.#newId(), undefined, `<</S/Document/P ${tree.id} 0 R/Lang(${lang})`);
    tree.data['K'] = [new Reference(root.id)];
    this.root = root;
  }

  /** An element under `parent`, which must be open. */
  open(parent: StructureElement, tag: string, { lang, scope }: TagOptions = {}): StructureElement {
    const above = parent as Element;
    const element = new Element(this, this.#newId(), above, `<</S/${tag}/P ${above.id} 0 R${lang === undefined ? '' : `/Lang(${lang})`}${scope === undefined ? '' : `/A<</O/Table/Scope/${scope}>>`}`);
    above.kids += `${above.kids === '' ? '' : ' '}${element.id} 0 R`;
    above.openKids += 1;
    return element;
  }

  /** The operator before content that belongs to the element; EMC follows behind it. */
  mark(element: StructureElement, tag: string): string {
    const owner = element as Element, page = this.#doc.page.dictionary.id, number = this.#marked.push(owner.id) - 1;
    owner.page ||= page;
    owner.kids += `${owner.kids === '' ? '' : ' '}${owner.page === page ? number : `<</Type/MCR/Pg ${page} 0 R/MCID ${number}>>`}`;
    return `/${tag} <</MCID ${number}>> BDC`;
  }

  end(element: Element): void {
    if (element.openKids > 0) throw new Error('a structure element ended before its children');
    if (element.parent) element.parent.openKids -= 1;
    this.#add(element.id, `${element.head}${element.page === 0 ? '' : `/Pg ${element.page} 0 R`}/K[${element.kids}]>>`);
  }

  /** Says whose the content of the page is and writes what ended on it. Call before the next page begins, and once at the end. */
  closePage(): void {
    if (this.#marked.length > 0) {
      const tree = (this.#doc._root.data['StructTreeRoot'] as { readonly data: { ParentTree: { add(key: number, value: unknown): void }; ParentTreeNextKey: number } }).data;
      const id = this.#newId();
      this.#add(id, `[${this.#marked.map((owner) => `${owner} 0 R`).join(' ')}]`);
      tree.ParentTree.add(this.#doc.page.dictionary.data['StructParents'] = tree.ParentTreeNextKey++, new Reference(id));
      this.#marked = [];
    }
    this.flush();
  }

  /** Writes what ended; nothing of pdfkit's may be half written. */
  flush(): void {
    const { _offsets: offsets, _offset: start } = this.#doc;
    let at = start;
    for (const [index, id] of this.#ids.entries()) {
      offsets[id - 1] = at;
      at += this.#texts[index]!.length;
    }
    if (at > start) this.#doc._write(Buffer.from(this.#texts.join(''), 'latin1'));
    this.#ids = [];
    this.#texts = [];
  }

  #newId(): number { return this.#doc._offsets.push(null); }

  #add(id: number, body: string): void {
    this.#ids.push(id);
    this.#texts.push(`${id} 0 obj\n${body}\nendobj\n`);
  }
}
