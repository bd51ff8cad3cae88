// Purge × hold × crash × resume, every interleaving: the steps of remove-partition and place-hold as a small model, explored to the end.
//
// The names are those of the code: takeOut → writeDownLeaves → destroy, each a transaction of its own; destroy looks at the holds under lockGuard.
// The promise: a row that was there when its hold took effect is there at the end, or the placer was told that rows had gone before.

interface World {
  /** Where the one row of the account is: in the table, in the old partition that is out of it, or destroyed. */
  readonly row: 'attached' | 'gone' | 'destroyed';
  readonly item: 'planned' | 'detached' | 'done';
  readonly leaves: boolean;
  /** The engine's place: between transactions it knows nothing but the rows; inside destroy it has looked at the holds. */
  readonly engine: 'idle' | 'looked' | 'dead';
  readonly looked: boolean | null;
  readonly lock: boolean;
  readonly placer: 'before' | 'told' | 'placed';
  readonly crashes: number;
  /** The row was still there at the moment the hold committed. */
  readonly thereAtPlacing: boolean;
}
interface Options { readonly lockGuard: boolean; readonly rescue: boolean; readonly leavesFirst: boolean }
const START: World = { row: 'attached', item: 'planned', leaves: false, engine: 'idle', looked: null, lock: false, placer: 'before', crashes: 0, thereAtPlacing: false };
const MOST_CRASHES = 3;

/** Every world one step further on. */
function next(world: World, options: Options): [string, World][] {
  const steps: [string, World][] = [];
  const held = world.placer !== 'before';
  if (world.engine === 'idle') {
    if (world.item === 'planned') {
      // takeOut: readGuard without a lock, then DETACH and markItem; a hold that is in force by now keeps the row where it is.
      if (held && world.row === 'attached') steps.push(['finishEmpty', { ...world, item: 'done' }]);
      else if (world.row === 'attached') steps.push(['detach', { ...world, row: 'gone' }]);
      else steps.push(['markGone', { ...world, item: 'detached' }]);
    } else if (world.item === 'detached') {
      if (!world.leaves && options.leavesFirst) steps.push(['writeDownLeaves', { ...world, leaves: true }]);
      else steps.push(['lockGuard+readGuard', { ...world, engine: 'looked', looked: held, lock: options.lockGuard }]);
    }
  }
  if (world.engine === 'looked') {
    // The commit of destroy: what must stay is put back, otherwise the old partition is dropped; item and leaves say so together.
    if (world.looked && options.rescue) steps.push(['rescue', { ...world, row: 'attached', item: 'planned', leaves: false, engine: 'idle', looked: null, lock: false }]);
    else steps.push(['destroy', { ...world, row: 'destroyed', item: 'done', engine: 'idle', looked: null, lock: false }]);
  }
  // placeHold: its INSERT waits for the lock; after it, it reads what runs have removed, in the same transaction.
  if (world.placer === 'before' && !world.lock) steps.push(['placeHold', { ...world, placer: world.item === 'done' && world.row === 'destroyed' ? 'told' : 'placed', thereAtPlacing: world.row !== 'destroyed' }]);
  // kill -9: an open transaction is rolled back and its lock goes with it; what was committed stays.
  if (world.engine !== 'dead' && world.crashes < MOST_CRASHES && world.item !== 'done') steps.push(['crash', { ...world, engine: 'dead', looked: null, lock: false, crashes: world.crashes + 1 }]);
  if (world.engine === 'dead') steps.push(['resume', { ...world, engine: 'idle' }]);
  return steps;
}

/** Explores everything that can happen; answers the first way to a broken promise, and what was seen. */
function explore(options: Options): { readonly broken: readonly string[] | null; readonly worlds: number; readonly ends: number; readonly stuck: number } {
  const seen = new Set<string>(), queue: { world: World; path: string[] }[] = [{ world: START, path: [] }];
  let ends = 0, stuck = 0;
  for (let at = 0; at < queue.length; at += 1) {
    const { world, path } = queue[at]!, key = JSON.stringify(world);
    if (seen.has(key)) continue;
    seen.add(key);
    if (world.thereAtPlacing && world.row === 'destroyed') return { broken: path, worlds: seen.size, ends, stuck };
    const steps = next(world, options);
    if (steps.length === 0) { ends += 1; if (world.item !== 'done') stuck += 1; }
    for (const [name, one] of steps) queue.push({ world: one, path: [...path, name] });
  }
  return { broken: null, worlds: seen.size, ends, stuck };
}

const RIGHT: Options = { lockGuard: true, rescue: true, leavesFirst: true };

test('with the lock no interleaving of purge, hold, crash and resume loses a held row silently, and every one comes to its end', () => {
  const found = explore(RIGHT);
  expect(found.broken).toBeNull();
  expect(found.stuck).toBe(0);
  expect(found.worlds).toBeGreaterThan(60);
  expect(found.ends).toBeGreaterThan(2);
});

test('without the lock there is a way to a silent loss: the hold commits between the look and the removal', () => {
  expect(explore({ ...RIGHT, lockGuard: false }).broken).toEqual(['detach', 'markGone', 'writeDownLeaves', 'lockGuard+readGuard', 'placeHold', 'destroy']);
});

test('without putting rows back a hold that comes after the partition is out loses them', () => {
  expect(explore({ ...RIGHT, rescue: false }).broken).toContain('placeHold');
});

test('the steps of the model are the steps of the code', async () => {
  const { readFileSync } = await import('node:fs');
  const source = ['remove-partition.ts', 'purge-guard.ts', 'place-hold.ts'].map((file) => readFileSync(`src/domain/retention/${file}`, 'utf8')).join('\n');
  for (const name of ['takeOut', 'finishEmpty', 'detach', 'markGone', 'writeDownLeaves', 'lockGuard', 'readGuard', 'destroy', 'PlaceHold']) expect(source).toContain(name);
  // In this order inside destroy: the lock, then the look.
  const destroy = /function destroy\(.*?\n}/s.exec(source)![0];
  expect(destroy.indexOf('lockGuard(')).toBeLessThan(destroy.indexOf('readGuard('));
  expect(destroy.indexOf('readGuard(')).toBeLessThan(destroy.indexOf('dropGone('));
});
