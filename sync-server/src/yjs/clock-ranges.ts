// Sets of Yjs clocks, per client: which structs are known, and which of them are deleted.

export class ClockRanges {
  // Flat from, to, from, to … per client; sorted, neither overlapping nor touching, `to` exclusive. Objects would take five times the memory.
  readonly #clients: Map<number, number[]>;

  constructor() {
    this.#clients = new Map();
  }

  /** From flat from, to pairs per client, in any order. Takes the arrays over. */
  static of(pairs: ReadonlyMap<number, number[]>): ClockRanges {
    const ranges = new ClockRanges();
    for (const [client, flat] of pairs) {
      const settled = settle(flat);
      if (settled.length > 0) ranges.#clients.set(client, settled);
    }
    return ranges;
  }

  get isEmpty(): boolean {
    return this.#clients.size === 0;
  }

  /** Number of separate ranges: what memory grows with. */
  get size(): number {
    let size = 0;
    for (const flat of this.#clients.values()) size += flat.length / 2;
    return size;
  }

  /** Clients, and their ranges as flat from, to pairs. */
  entries(): Iterable<readonly [number, readonly number[]]> {
    return this.#clients;
  }

  add(client: number, from: number, to: number): void {
    if (from >= to) return;
    const flat = this.#clients.get(client);
    if (flat === undefined) this.#clients.set(client, [from, to]);
    else insert(flat, from, to);
  }

  addAll(other: ClockRanges): void {
    for (const [client, flat] of other.#clients) {
      const mine = this.#clients.get(client);
      if (mine === undefined) this.#clients.set(client, [...flat]);
      else if (flat.length <= FEW) for (let i = 0; i < flat.length; i += 2) insert(mine, at(flat, i), at(flat, i + 1));
      else this.#clients.set(client, union(mine, flat));
    }
  }

  covers(other: ClockRanges): boolean {
    for (const [client, flat] of other.#clients) {
      const mine = this.#clients.get(client);
      if (mine === undefined) return false;
      for (let i = 0; i < flat.length; i += 2) {
        const place = firstEndingAtOrAfter(mine, at(flat, i + 1));
        if (place === mine.length || at(mine, place) > at(flat, i)) return false;
      }
    }
    return true;
  }

  /** How far a client's clocks are there without a gap from 0: its entry in a state vector. */
  contiguous(client: number): number {
    const flat = this.#clients.get(client);
    return flat !== undefined && flat[0] === 0 ? at(flat, 1) : 0;
  }
}

/** Up to this many numbers are inserted one by one: cheaper than rebuilding a long list. */
const FEW = 16;

// Every index is derived from the length: a hole would be a defect here.
function at(flat: readonly number[], index: number): number {
  const value = flat[index];
  if (value === undefined) throw new RangeError(`no clock at ${index} of ${flat.length}`);
  return value;
}

/** Index of the first range whose end is at or after a clock; the length if there is none. */
function firstEndingAtOrAfter(flat: readonly number[], clock: number): number {
  let low = 0;
  let high = flat.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(flat, 2 * middle + 1) < clock) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

function insert(flat: number[], from: number, to: number): void {
  const last = flat.length - 1;
  // Typing: the next clock of a client that is already there.
  if (from > at(flat, last)) flat.push(from, to);
  else if (from >= at(flat, last - 1)) flat[last] = Math.max(at(flat, last), to);
  else {
    const start = firstEndingAtOrAfter(flat, from);
    let end = start;
    let mergedFrom = from;
    let mergedTo = to;
    while (end < flat.length && at(flat, end) <= to) {
      mergedFrom = Math.min(mergedFrom, at(flat, end));
      mergedTo = Math.max(mergedTo, at(flat, end + 1));
      end += 2;
    }
    flat.splice(start, end - start, mergedFrom, mergedTo);
  }
}

function union(a: readonly number[], b: readonly number[]): number[] {
  const merged: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const takeA = j === b.length || (i < a.length && at(a, i) <= at(b, j));
    if (takeA) append(merged, at(a, i), at(a, i + 1));
    else append(merged, at(b, j), at(b, j + 1));
    if (takeA) i += 2;
    else j += 2;
  }
  return merged;
}

/** Ranges come by ascending `from`. */
function append(flat: number[], from: number, to: number): void {
  const last = flat.length - 1;
  if (last > 0 && from <= at(flat, last)) flat[last] = Math.max(at(flat, last), to);
  else flat.push(from, to);
}

/** Sorted and merged, without empty ranges. What Yjs writes is settled already and is returned as it is. */
function settle(flat: number[]): number[] {
  let settled = true;
  let sorted = true;
  for (let i = 0; i < flat.length && sorted; i += 2) {
    if (at(flat, i) >= at(flat, i + 1)) settled = false;
    if (i > 0 && at(flat, i) <= at(flat, i - 1)) settled = false;
    if (i > 0 && at(flat, i) < at(flat, i - 2)) sorted = false;
  }
  if (settled && sorted) return flat;
  const order = Uint32Array.from({ length: flat.length / 2 }, (_, index) => index * 2);
  if (!sorted) order.sort((a, b) => at(flat, a) - at(flat, b));
  const merged: number[] = [];
  for (const i of order) if (at(flat, i) < at(flat, i + 1)) append(merged, at(flat, i), at(flat, i + 1));
  return merged;
}
