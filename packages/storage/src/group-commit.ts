// One write at a time, and what arrives meanwhile goes together into the next: under load the cost of a write is shared.

export interface GroupCommit<Item, Result> {
  /** Joins the next group. Resolves or rejects as its group does. */
  add(item: Item): Promise<Result>;
  /** Runs alone, between groups, in its turn. */
  alone<Value>(job: () => Promise<Value>): Promise<Value>;
}

/** `write` is given a group in the order of `add` and returns a result for each item. */
export function createGroupCommit<Item, Result>(
  write: (items: readonly Item[]) => Promise<readonly Result[]>,
): GroupCommit<Item, Result> {
  let last: Promise<unknown> = Promise.resolve();
  let next: { readonly items: Item[]; readonly written: Promise<readonly Result[]> } | undefined;

  function alone<Value>(job: () => Promise<Value>): Promise<Value> {
    const done = last.then(job);
    // Whoever called gets the rejection; the turn after it comes all the same.
    last = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  function openGroup(): { items: Item[]; written: Promise<readonly Result[]> } {
    const items: Item[] = [];
    const written = alone(() => {
      next = undefined;
      return write(items);
    });
    return { items, written };
  }

  return {
    async add(item) {
      next ??= openGroup();
      const { items, written } = next;
      const place = items.push(item) - 1;
      const result = (await written)[place];
      if (result === undefined) throw new Error('a group was written without a result for each item');
      return result;
    },
    alone,
  };
}
