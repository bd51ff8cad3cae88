// Holds the stored checkpoints and the anchors against the tree as it grows past them.
import { coerceError } from '../../../kernel/errors.js';
import type { Anchor } from '../anchor/read-anchors.js';
import type { Checkpoint } from '../checkpoint.view.js';
import type { TreeBuilder } from '../log/tree-builder.js';
import type { LogKey } from '../log-key.js';
import type { Reader } from '../reader.js';
import { leaves, type Findings } from './findings.js';
import { streamCheckpoints } from './streams.view.js';

const WORDS = { published: 'published checkpoint', copy: 'copied checkpoint', timestamp: 'time-stamped checkpoint', handover: 'hand-over of the key' } as const;

/** Which tree a checkpoint agrees with. */
export type Truth = 'batches' | 'tiles' | undefined;

export class CheckpointCheck {
  private readonly stored: AsyncGenerator<Checkpoint>;
  private readonly options: { readonly key: LogKey; readonly anchors: readonly Anchor[]; readonly findings: Findings };
  private readonly bySize: ReadonlyMap<bigint, readonly Anchor[]>;
  private next: Checkpoint | undefined;
  private started = false;
  /** Checkpoints in a row that hold for neither tree, and the size of the last one that held. */
  private failing: number[] = [];
  private lastGood = 0;

  constructor(options: { reader: Reader; key: LogKey; size: number; anchors: readonly Anchor[]; findings: Findings }) {
    this.options = options;
    const bySize = new Map<bigint, Anchor[]>();
    for (const anchor of options.anchors) bySize.set(anchor.treeSize, [...bySize.get(anchor.treeSize) ?? [], anchor]);
    this.bySize = bySize;
    this.stored = streamCheckpoints(options.reader, BigInt(options.size));
  }

  /** Checks what was signed at exactly this size. Answers which tree it agrees with, undefined when nothing was signed here or neither agrees. */
  async at(size: number, fromBatches: TreeBuilder, fromTiles: TreeBuilder | undefined): Promise<Truth> {
    if (!this.started) { this.started = true; await this.advance(); }
    const { findings } = this.options;
    const here = this.next?.treeSize === BigInt(size) ? this.next : undefined;
    const anchored = this.bySize.get(BigInt(size)) ?? [];
    if (!here && anchored.length === 0) return undefined;
    const agrees = (root: Buffer): Truth => (fromBatches.root().equals(root) ? 'batches' : fromTiles?.root().equals(root) ? 'tiles' : undefined);
    let truth: Truth;
    if (here) {
      truth = agrees(this.signedRoot(here));
      if (truth) { this.flush(); this.lastGood = size; } else this.failing.push(size);
      await this.advance();
    }
    for (const anchor of anchored) {
      const anchorTruth = agrees(anchor.root);
      if (!anchorTruth) findings.report({ verdict: 'altered', leafIndex: BigInt(size - 1), message: `the ${WORDS[anchor.kind]} of ${size} leaves${anchor.kind === 'published' ? '' : ` (${anchor.name})`} has another root than the database: the log went two ways within ${leaves(this.lastGood, size)}` });
      truth ??= anchorTruth;
    }
    return truth;
  }

  /** Reports what is still open at the end. */
  async finish(): Promise<void> {
    this.flush();
    await this.stored.return(undefined);
  }

  private async advance(): Promise<void> {
    const next = await this.stored.next();
    this.next = next.done ? undefined : next.value;
  }

  /** The root the note states, after the note's signature and the columns beside it were checked; without a sound note, the column. */
  private signedRoot(checkpoint: Checkpoint): Buffer {
    const report = (why: string): void => this.options.findings.report({ verdict: 'altered', table: 'ledger_checkpoints', id: String(checkpoint.treeSize), message: `ledger_checkpoints ${checkpoint.treeSize}: ${why}` });
    try {
      const signed = this.options.key.open(checkpoint.note);
      if (signed.treeSize !== checkpoint.treeSize) report(`its signed note is about ${signed.treeSize} leaves`);
      else if (!signed.root.equals(checkpoint.root)) report('its root column is not the root in its signed note');
      return signed.treeSize === checkpoint.treeSize ? signed.root : checkpoint.root;
    } catch (error) {
      report(`its signed note does not verify (${coerceError(error).message})`);
      return checkpoint.root;
    }
  }

  /** One problem for a row of failing checkpoints: one changed leaf makes every later one fail. */
  private flush(): void {
    const [first, last] = [this.failing[0], this.failing.at(-1)];
    if (first === undefined || last === undefined) return;
    const which = first === last ? `ledger_checkpoints ${first}: its root is` : `ledger_checkpoints ${first} to ${last} (${this.failing.length} of them): their roots are`;
    this.options.findings.report({ verdict: 'altered', leafIndex: BigInt(this.lastGood), table: 'ledger_checkpoints', id: String(first),
      message: `${which} not the root of the batches; what differs lies within ${leaves(this.lastGood, first)}, or in what was signed` });
    this.failing = [];
  }
}
