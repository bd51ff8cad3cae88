// A set of leaf indexes as one bit each: 12.5 MB for a hundred million leaves.

export class LeafSet {
  private readonly bits: Uint8Array;
  readonly size: number;
  /** For leaves 0 to `size` − 1. */
  constructor(size: number) {
    this.size = size;
    this.bits = new Uint8Array(Math.ceil(size / 8));
  }
  has(leaf: number): boolean { return ((this.bits[Math.floor(leaf / 8)] ?? 0) & (1 << (leaf % 8))) !== 0; }
  /** Adds a leaf; one outside the range is left out. */
  add(leaf: number): void { if (leaf >= 0 && leaf < this.size) this.bits[Math.floor(leaf / 8)]! |= 1 << (leaf % 8); }
  /** Adds the leaves from `from` to `to`, `to` excluded. */
  addRange(from: number, to: number): void { for (let leaf = from; leaf < to; leaf++) this.add(leaf); }
  /** The leaves that are in none of the sets, ascending; whole bytes that are full are passed over. */
  static *absent(size: number, ...sets: readonly LeafSet[]): Generator<number> {
    for (let byte = 0; byte * 8 < size; byte++) {
      const present = sets.reduce((bits, set) => bits | (set.bits[byte] ?? 0), 0);
      if (present === 0xff) continue;
      for (let bit = 0; bit < 8 && byte * 8 + bit < size; bit++) if ((present & (1 << bit)) === 0) yield byte * 8 + bit;
    }
  }
}
