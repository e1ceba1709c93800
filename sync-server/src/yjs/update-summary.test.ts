import * as encoding from 'lib0/encoding';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { contentOf, edits, play } from '../testing/edits.ts';
import { typeTrace } from '../testing/traces.ts';
import { ClockRanges } from './clock-ranges.ts';
import { decodeDeleteSet, encodeDeleteSet } from './delete-set.ts';
import { decodeStateVector, encodeStateVector } from './state-vector.ts';
import { MalformedUpdate, refersBeyond, summarize } from './update-summary.ts';

// Many random documents: more than the usual five seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** What Yjs' own decoder says of an update, as clocks. */
function decoded(update: Uint8Array): { structs: Set<string>; deletes: Set<string> } {
  const { structs, ds } = Y.decodeUpdate(update);
  const clocks = new Set<string>();
  const deletes = new Set<string>();
  for (const struct of structs) {
    if (struct instanceof Y.Skip) continue;
    for (let i = 0; i < struct.length; i++) clocks.add(`${struct.id.client}:${struct.id.clock + i}`);
  }
  for (const [client, ranges] of ds.clients) {
    for (const { clock, len } of ranges) for (let i = 0; i < len; i++) deletes.add(`${client}:${clock + i}`);
  }
  return { structs: clocks, deletes };
}

function clocks(ranges: ClockRanges): Set<string> {
  const result = new Set<string>();
  for (const [client, flat] of ranges.entries()) {
    for (let i = 0; i < flat.length; i += 2) {
      for (let clock = flat[i] ?? 0; clock < (flat[i + 1] ?? 0); clock++) result.add(`${client}:${clock}`);
    }
  }
  return result;
}

/** Single edits, all of them merged, merged with gaps (skips), and the whole document with what it collected (GC). */
function shapesOf({ updates, complete }: ReturnType<typeof play>): Uint8Array[] {
  const gapped = updates.filter((_, index) => index % 3 !== 1);
  const late = new Y.Doc();
  for (const update of gapped) Y.applyUpdate(late, update);
  const shapes = [...updates, Y.encodeStateAsUpdate(complete), Y.encodeStateAsUpdate(late)];
  for (const some of [updates, gapped]) if (some.length > 0) shapes.push(Y.mergeUpdates([...some]));
  return shapes;
}

describe('summarize', () => {
  it('accepts whatever Yjs writes, and its clocks are those of Y.decodeUpdate', () => {
    fc.assert(
      fc.property(edits, (script) => {
        for (const update of shapesOf(play(script))) {
          const summary = summarize(update);
          const expected = decoded(update);
          expect(clocks(summary.structs)).toEqual(expected.structs);
          expect(clocks(summary.deletes)).toEqual(expected.deletes);
          expect(summary.empty).toBe(expected.structs.size + expected.deletes.size === 0);
        }
      }),
      { numRuns: 200 },
    );
  });

  it.each(['rustcode', 'sveltecomponent'] as const)('accepts every update of a real session (%s)', (name) => {
    for (const update of typeTrace(name).updates) {
      const { structs, ds } = Y.decodeUpdate(update);
      const summary = summarize(update);
      const length = structs.reduce((sum, struct) => sum + struct.length, 0);
      const [range] = [...summary.structs.entries()].map(([, flat]) => flat);
      expect((range?.[1] ?? 0) - (range?.[0] ?? 0)).toBe(length);
      expect(summary.deletes.isEmpty).toBe(ds.clients.size === 0);
    }
  });

  it('R21: sees a carriage return in inserted text, and nowhere else', () => {
    expect(summarize(inserting('a\r\nb')).carriageReturns).toBe(true);
    expect(summarize(inserting('😀\r')).carriageReturns).toBe(true);
    expect(summarize(inserting('a\nb')).carriageReturns).toBe(false);
    const doc = new Y.Doc();
    doc.getMap('map').set('a\rb', ['\r']);
    expect(summarize(Y.encodeStateAsUpdate(doc)).carriageReturns).toBe(false);
  });

  it('ignores what follows the update', () => {
    const update = inserting('text');
    expect(clocks(summarize(Uint8Array.of(...update, 1, 2, 3)).structs)).toEqual(clocks(summarize(update).structs));
  });

  it('gives a summary or MalformedUpdate for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void accepts(bytes)),
      { numRuns: 5_000 },
    );
    for (let end = 0; end < 20; end++) expect(accepts(inserting('some text').subarray(0, end))).toBe(false);
  });

  it('what it accepts can be applied by Yjs, however it was forged', () => {
    const forgery = fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat({ max: 12 }), fc.nat({ max: 255 }))), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(edits, fc.array(forgery, { minLength: 20, maxLength: 20 }), (script, forgeries) => {
        const shapes = shapesOf(play(script));
        forgeries.forEach((changes, index) => {
          const forged = new Uint8Array(shapes[index % shapes.length] ?? []);
          for (const [place, byte] of changes) forged[place % forged.length] = byte;
          if (!accepts(forged)) return;
          const doc = new Y.Doc();
          doc.getText('content');
          Y.applyUpdate(doc, forged);
          accepts(Y.encodeStateAsUpdate(doc), true);
        });
      }),
      { numRuns: 200 },
    );
  });

  describe('refuses', () => {
    const HUGE = 2 ** 53 - 1;
    const json = (text: string) => written(...item(5), text, 0);
    const cases: readonly (readonly [what: string, update: Uint8Array, reason: string])[] = [
      ['more sections than bytes', written(HUGE), 'count exceeds'],
      ['more structs than bytes', written(1, HUGE, 1, 0), 'count exceeds'],
      ['a clock past 2^53', written(1, 1, 1, HUGE - 1, 0, 5, 0), 'clock is out of range'],
      ['a number of more than 53 bits', new Uint8Array(12).fill(0xff), 'number is out of range'],
      ['a number that does not end', new Uint8Array(1_000).fill(0x80), 'number is out of range'],
      ['text longer than the bytes', written(...item(4), 2 ** 40), 'ends too early'],
      ['more elements than bytes', written(...item(8), 2 ** 40), 'count exceeds'],
      ['deletes past 2^53', written(0, 1, 1, 1, HUGE, 5), 'clock is out of range'],
      ['an empty delete', written(0, 1, 1, 1, 3, 0), 'delete is empty'],
      ['empty text', written(...item(4), '', 0), 'struct is empty'],
      ['a client twice', written(2, 1, 7, 0, 0, 1, 1, 7, 1, 0, 1, 0), 'not in order'],
      ['clients in ascending order', written(2, 1, 7, 0, 0, 1, 1, 8, 0, 0, 1, 0), 'not in order'],
      ['an origin in its own future', written(1, 1, 7, 0, Uint8Array.of(0x84), 7, 0, 'a', 0), 'refers to a later one'],
      ['text that is not UTF-8', written(...item(4), 2, Uint8Array.of(0xed, 0xa0), 0), 'not UTF-8'],
      ['invalid JSON', json('{"a":'), 'JSON is invalid'],
      ['JSON deeper than a stack', json('['.repeat(100_000) + ']'.repeat(100_000)), 'nested too deep'],
      [
        'values deeper than a stack',
        written(...item(8), 1, ...Array.from({ length: 40_000 }, (_, i) => (i % 2 ? 1 : 117)), 126, 0),
        'nested too deep',
      ],
      ['an unknown content', written(...item(11), 0, 0), 'no known content'],
      ['an unknown shared type', written(...item(7), 9, 0), 'shared type is unknown'],
      ['an unknown value', written(...item(8), 1, 99, 0), 'no known type'],
      ['a skip with flags', written(1, 1, 1, 0, Uint8Array.of(0x8a), 1, 0), 'has flags'],
      ['a sub-document that renames itself', written(...item(9), 'x', 118, 1, 'guid', 119, 'y', 0), 'foreign options'],
    ];
    it.each(cases)('%s', (_, update, reason) => {
      expect(() => summarize(update)).toThrow(reason);
      expect(accepts(update)).toBe(false);
    });
  });

  it('accepts the JSON arrays of old documents', () => {
    const update = written(...item(2), 2, 'undefined', '{"a":["[",{}]}', 0);
    expect(clocks(summarize(update).structs)).toEqual(new Set(['1:0', '1:1']));
  });
});

describe('refersBeyond', () => {
  const order = fc.infiniteStream(fc.boolean());

  it('R1: with the gaps it says of every edit whether Yjs could read it, whatever came before it', () => {
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(edits, order, (script, chance) => {
        const doc = new Y.Doc();
        for (const update of play(script).updates) {
          if (chance.next().value) continue;
          const held = decodeStateVector(Y.encodeStateVector(doc));
          const known = ClockRanges.of(new Map(Array.from(held, ([client, to]) => [client, [0, to]])));
          const { structs } = summarize(update);
          const gap = Array.from(structs.entries()).some(([client, [from = 0]]) => from > known.contiguous(client));
          const waits = gap || refersBeyond(update, known);
          const tried = new Y.Doc();
          Y.applyUpdate(tried, Y.encodeStateAsUpdate(doc));
          Y.applyUpdate(tried, update);
          expect(waits).toBe(tried.store.pendingStructs !== null);
          seen.add(waits);
          if (!waits) Y.applyUpdate(doc, update);
        }
      }),
      { numRuns: 200 },
    );
    expect(seen).toEqual(new Set([true, false]));
  });
});

describe('delete sets and state vectors', () => {
  it('are the bytes that Yjs writes', () => {
    fc.assert(
      fc.property(edits, (script) => {
        const { complete } = play(script);
        const { structs, deletes } = summarize(Y.encodeStateAsUpdate(complete));
        expect(encodeStateVector(structs)).toEqual(Y.encodeStateVector(complete));
        expect(decodeStateVector(Y.encodeStateVector(complete))).toEqual(
          Y.decodeStateVector(Y.encodeStateVector(complete)),
        );
        expect(clocks(decodeDeleteSet(encodeDeleteSet(deletes)))).toEqual(clocks(deletes));
        const copy = new Y.Doc();
        Y.applyUpdate(copy, Y.encodeStateAsUpdate(complete));
        Y.applyUpdate(copy, Uint8Array.of(0, ...encodeDeleteSet(deletes)));
        expect(contentOf(copy)).toEqual(contentOf(complete));
      }),
      { numRuns: 100 },
    );
  });
});

function inserting(text: string): Uint8Array {
  const doc = new Y.Doc();
  doc.getText('content').insert(0, text);
  return Y.encodeStateAsUpdate(doc);
}

/** True, or false for MalformedUpdate; anything else fails the test. */
function accepts(bytes: Uint8Array, must = false): boolean {
  try {
    summarize(bytes);
    return true;
  } catch (error) {
    if (must || !(error instanceof MalformedUpdate)) throw error;
    return false;
  }
}

/** Numbers as varUints, strings as varStrings, bytes as they are. */
function written(...parts: readonly (number | string | Uint8Array)[]): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const part of parts) {
    if (typeof part === 'number') encoding.writeVarUint(encoder, part);
    else if (typeof part === 'string') encoding.writeVarString(encoder, part);
    else encoding.writeUint8Array(encoder, part);
  }
  return encoding.toUint8Array(encoder);
}

/** An update of client 1 up to the content of its one item, in the root `content`. */
function item(content: number): (number | string)[] {
  return [1, 1, 1, 0, content, 1, 'content'];
}
