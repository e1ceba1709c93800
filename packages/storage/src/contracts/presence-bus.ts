// What every adapter of PresenceBus does.
import { newDocumentId, type DocumentId } from '@codesync/contract';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PresenceBus, PresenceState } from '../presence-bus.ts';

export interface OpenedPresenceBus {
  readonly bus: PresenceBus;
  /** Another instance over the same backend, as another task has it. */
  readonly other: PresenceBus;
  /** Ends `bus` as kill -9 would, without a goodbye; without it closing plays the part. */
  readonly kill?: () => Promise<void>;
  /** Closes both and the backend. */
  readonly close: () => Promise<void>;
}

/** R11: the ghosts of a dead task are gone within this time. */
const GHOSTS_GONE = { timeout: 10_000 };

export function presenceBusContract(name: string, open: () => Promise<OpenedPresenceBus>): void {
  describe(`presence bus: ${name}`, () => {
    let opened: OpenedPresenceBus;
    let bus: PresenceBus;
    let other: PresenceBus;
    let document: DocumentId;

    beforeEach(async () => {
      opened = await open();
      ({ bus, other } = opened);
      document = newDocumentId();
    });
    afterEach(() => opened.close());

    it('R11: when subscribing resolves, the listener has been given everyone present on every task', async () => {
      await bus.publish(document, [state(1, 1, 'ann'), state(2, 7, 'ben')]);
      await other.publish(document, [state(3, 1, 'cas')]);
      for (const task of [bus, other]) {
        const { present } = await follow(task, document);
        expect(names(present)).toEqual({ 1: 'ann', 2: 'ben', 3: 'cas' });
      }
    });

    it('a document where nobody is gives a new listener nobody', async () => {
      const { heard, present } = await follow(bus, document);
      expect(heard.flat()).toEqual([]);
      expect(present.size).toBe(0);
    });

    it('what changes is told to every task: someone came, moved, and went', async () => {
      const { present } = await follow(other, document);
      await bus.publish(document, [state(1, 1, 'ann')]);
      await vi.waitFor(() => expect(names(present)).toEqual({ 1: 'ann' }));
      await bus.publish(document, [state(1, 2, 'ann, line 2')]);
      await vi.waitFor(() => expect(names(present)).toEqual({ 1: 'ann, line 2' }));
      await bus.publish(document, [{ clientId: 1, clock: 3, state: null }]);
      await vi.waitFor(() => expect(names(present)).toEqual({}));
    });

    it('a state arrives as it was published: client id, clock and text', async () => {
      const { heard } = await follow(other, document);
      const published = [
        { clientId: 4_294_967_295, clock: 2 ** 40, state: '{"user":{"name":"Zoë 🙂"},"selection":null}' },
        { clientId: 0, clock: 0, state: '{}' },
      ];
      await bus.publish(document, published);
      await vi.waitFor(() => expect(heard.flat()).toEqual(expect.arrayContaining(published)));
    });

    it('a state of 100 kB arrives whole', async () => {
      const { heard } = await follow(other, document);
      const large = { clientId: 1, clock: 1, state: JSON.stringify({ large: 'x'.repeat(100_000) }) };
      await bus.publish(document, [large]);
      await vi.waitFor(() => expect(heard.flat()).toContainEqual(large));
    });

    it('who has gone is not among those present, and may come back', async () => {
      await bus.publish(document, [state(1, 1, 'ann'), state(2, 1, 'ben')]);
      await bus.publish(document, [{ clientId: 1, clock: 2, state: null }]);
      expect(names((await follow(other, document)).present)).toEqual({ 2: 'ben' });
      await bus.publish(document, [state(1, 3, 'ann again')]);
      expect(names((await follow(other, document)).present)).toEqual({ 1: 'ann again', 2: 'ben' });
    });

    it('R11: who has just gone is told as gone to whoever listens from then on, until they come back', async () => {
      await bus.publish(document, [state(1, 1, 'ann'), state(2, 1, 'ben')]);
      await bus.publish(document, [{ clientId: 1, clock: 2, state: null }]);
      for (const task of [bus, other]) {
        const { heard } = await follow(task, document);
        expect(heard.flat()).toContainEqual({ clientId: 1, clock: 2, state: null });
      }
      await other.publish(document, [state(1, 3, 'ann again')]);
      const { heard } = await follow(other, document);
      expect(heard.flat().filter((told) => told.state === null)).toEqual([]);
    });

    it('a client that has gone is told as gone also at the clock of its last state', async () => {
      const { present } = await follow(other, document);
      await bus.publish(document, [state(1, 5, 'ann')]);
      await bus.publish(document, [{ clientId: 1, clock: 5, state: null }]);
      await bus.publish(document, [state(2, 1, 'ben')]);
      await vi.waitFor(() => expect(names(present)).toEqual({ 2: 'ben' }));
      expect(names((await follow(bus, document)).present)).toEqual({ 2: 'ben' });
    });

    it('R10: an older clock replaces nothing and removes nobody', async () => {
      await bus.publish(document, [state(1, 5, 'new')]);
      await bus.publish(document, [state(1, 4, 'old')]);
      await bus.publish(document, [{ clientId: 1, clock: 3, state: null }]);
      expect(names((await follow(other, document)).present)).toEqual({ 1: 'new' });
    });

    it('documents are apart: nobody is present in, or hears from, another one', async () => {
      const neighbour = newDocumentId();
      const here = await follow(other, document);
      await bus.publish(neighbour, [state(1, 1, 'next door')]);
      await bus.publish(document, [state(2, 1, 'here')]);
      await vi.waitFor(() => expect(names(here.present)).toEqual({ 2: 'here' }));
      expect(names((await follow(other, neighbour)).present)).toEqual({ 1: 'next door' });
    });

    it('who unsubscribed hears nothing more, and unsubscribing twice is harmless', async () => {
      const early = await follow(other, document);
      const late = await follow(other, document);
      await bus.publish(document, [state(1, 1, 'ann')]);
      await vi.waitFor(() => expect(names(early.present)).toEqual({ 1: 'ann' }));
      early.unsubscribe();
      early.unsubscribe();
      await bus.publish(document, [state(1, 2, 'ann, later')]);
      await vi.waitFor(() => expect(names(late.present)).toEqual({ 1: 'ann, later' }));
      expect(names(early.present)).toEqual({ 1: 'ann' });
    });

    it('a listener that throws does not keep the others from hearing', async () => {
      await other.subscribe(document, () => {
        throw new Error('a listener that throws');
      });
      const { present } = await follow(other, document);
      await bus.publish(document, [state(1, 1, 'ann')]);
      await vi.waitFor(() => expect(names(present)).toEqual({ 1: 'ann' }));
    });

    it('R11: the clients of a task that died are told as gone, with a higher clock, and are not among those present', async () => {
      const { heard, present } = await follow(other, document);
      await bus.publish(document, [state(1, 4, 'ann'), state(2, 9, 'ben')]);
      await other.publish(document, [state(3, 1, 'cas')]);
      await vi.waitFor(() => expect(present.size).toBe(3));
      await (opened.kill?.() ?? bus.close());
      await vi.waitFor(() => expect(names(present)).toEqual({ 3: 'cas' }), GHOSTS_GONE);
      for (const [clientId, clock] of [
        [1, 4],
        [2, 9],
      ] as const) {
        const farewell = heard.flat().findLast((told) => told.clientId === clientId);
        expect(farewell).toMatchObject({ state: null });
        expect(farewell?.clock).toBeGreaterThan(clock);
      }
      expect(names((await follow(other, document)).present)).toEqual({ 3: 'cas' });
    }, 15_000);

    it('R11: who moved to another task before theirs died is no ghost', async () => {
      const { present } = await follow(other, document);
      await bus.publish(document, [state(1, 4, 'ann'), state(2, 1, 'ben')]);
      await other.publish(document, [state(1, 5, 'ann, over here')]);
      await (opened.kill?.() ?? bus.close());
      await vi.waitFor(() => expect(names(present)).toEqual({ 1: 'ann, over here' }), GHOSTS_GONE);
      expect(names((await follow(other, document)).present)).toEqual({ 1: 'ann, over here' });
    }, 15_000);

    it('a bus that works passes its check; a closed one refuses everything, and closing it twice is harmless', async () => {
      await bus.check();
      await bus.close();
      await bus.close();
      await expect(bus.publish(document, [state(1, 1, 'ann')])).rejects.toThrow();
      await expect(bus.subscribe(document, () => {})).rejects.toThrow();
      await expect(bus.check()).rejects.toThrow();
      await other.check();
    });

    it('R11: whoever comes and goes on whichever task, early and late listeners end with the same people', async () => {
      const step = fc.record({
        task: fc.constantFrom(0, 1),
        clientId: fc.constantFrom(1, 2, 3),
        kind: fc.constantFrom('set', 'set', 'go', 'stale'),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25, size: 'max' }), async (steps) => {
          const room = newDocumentId();
          const early = await follow(bus, room);
          const model = new Map<number, { clock: number; name: string }>();
          for (const [index, { task, clientId, kind }] of steps.entries()) {
            const publisher = task === 0 ? bus : other;
            const clock = index + 2;
            if (kind === 'set') {
              await publisher.publish(room, [state(clientId, clock, `state ${index}`)]);
              model.set(clientId, { clock, name: `state ${index}` });
            } else if (kind === 'go') {
              await publisher.publish(room, [{ clientId, clock, state: null }]);
              model.delete(clientId);
            } else {
              const known = model.get(clientId);
              if (known !== undefined) await publisher.publish(room, [state(clientId, known.clock - 1, 'stale')]);
            }
          }
          const expected = Object.fromEntries(Array.from(model, ([id, known]) => [id, known.name]));
          const late = await follow(other, room);
          expect(names(late.present)).toEqual(expected);
          await vi.waitFor(() => expect(names(early.present)).toEqual(expected));
          early.unsubscribe();
          late.unsubscribe();
        }),
        { numRuns: 25 },
      );
    });
  });
}

function state(clientId: number, clock: number, name: string): PresenceState {
  return { clientId, clock, state: JSON.stringify({ name }) };
}

interface Follower {
  readonly heard: (readonly PresenceState[])[];
  /** Who is there by the clock rule, which every listener keeps. */
  readonly present: Map<number, string>;
  readonly unsubscribe: () => void;
}

async function follow(bus: PresenceBus, document: DocumentId): Promise<Follower> {
  const heard: (readonly PresenceState[])[] = [];
  const present = new Map<number, string>();
  const clocks = new Map<number, number>();
  const unsubscribe = await bus.subscribe(document, (states) => {
    heard.push(states);
    for (const { clientId, clock, state: text } of states) {
      const known = clocks.get(clientId) ?? -1;
      if (clock < known || (clock === known && text !== null)) continue;
      clocks.set(clientId, clock);
      if (text === null) present.delete(clientId);
      else present.set(clientId, text);
    }
  });
  return { heard, present, unsubscribe };
}

function names(present: ReadonlyMap<number, string>): Record<number, string> {
  return Object.fromEntries(Array.from(present, ([id, text]) => [id, (JSON.parse(text) as { name: string }).name]));
}
