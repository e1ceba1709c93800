// Who is present, as Redis keeps it: a hash a document, and a channel on which every change is told.
import type { DocumentId } from '@codesync/contract';
import type { PresenceState } from '../presence-bus.ts';
import { shardOf } from './keys.ts';
import type { RedisConnection } from './open-redis.ts';
import { BURY, COMPARE, PUBLISH } from './presence-scripts.ts';
import type { RedisScript, ScriptArgument } from './script.ts';
import { decodeField, encodeState, type OwnedState, type TaskId } from './presence-states.ts';

/** Milliseconds that a document's presence outlives the last task that cared for it. Its tasks come by far more often. */
const LIFE = 10 * 60_000;

interface Comparison {
  /** Everyone present. */
  readonly present: readonly OwnedState[];
  /** Who has gone longer ago, and with which clock. Not of everyone it is remembered. */
  readonly gone: readonly OwnedState[];
  /** Who went in the last half minute. */
  readonly lately: readonly OwnedState[];
  /** Of this task's clients, those whom others saw going. */
  readonly refused: readonly OwnedState[];
}

export interface PresenceRecords {
  /** Tells every task what of this is news. Answers whom others saw going, with this clock. */
  publish(document: DocumentId, states: Iterable<PresenceState>): Promise<readonly OwnedState[]>;
  /** Makes these all the clients that this task has in the document, tells what is news of that, and reads who is present. */
  compare(document: DocumentId, own: Iterable<PresenceState>): Promise<Comparison>;
  /** Tells the clients of a dead task as gone, and of `lost` those that are not present. */
  bury(document: DocumentId, dead: TaskId, lost: Iterable<PresenceState>): Promise<void>;
}

export function channelOf(document: DocumentId): string {
  return `${shardOf(document)}:presence:${document}`;
}

export function createPresenceRecords(redis: RedisConnection, task: TaskId): PresenceRecords {
  function run(script: RedisScript, document: DocumentId, args: readonly ScriptArgument[]): Promise<unknown> {
    const keys = [channelOf(document), `${shardOf(document)}:gone:${document}`];
    return redis.run(script, keys, [channelOf(document), task, LIFE, ...args]);
  }

  return {
    async publish(document, states) {
      return farewells(await run(PUBLISH, document, listOf(states)));
    },

    async compare(document, own) {
      const answer = await run(COMPARE, document, listOf(own));
      const [refused, fields, gone, lately] = Array.isArray(answer) ? (answer as unknown[]) : [];
      return {
        refused: farewells(refused),
        present: textsOf(fields).flatMap((field) => decodeField(field) ?? []),
        gone: farewells(gone),
        lately: farewells(lately),
      };
    },

    async bury(document, dead, lost) {
      const pairs = Array.from(lost, ({ clientId, clock }) => [clientId, clock]);
      await run(BURY, document, [dead, ...pairs.flat()]);
    },
  };
}

function listOf(states: Iterable<PresenceState>): ScriptArgument[] {
  return Array.from(states, (one) => [one.clientId, one.clock, one.state === null ? '' : encodeState(one)]).flat();
}

/** From client id, clock, client id, clock … */
function farewells(answer: unknown): OwnedState[] {
  const numbers = textsOf(answer).map(Number);
  return Array.from({ length: numbers.length / 2 }, (_, index) => ({
    clientId: numbers[2 * index] ?? 0,
    clock: numbers[2 * index + 1] ?? 0,
    state: null,
    owner: '',
  }));
}

function textsOf(answer: unknown): string[] {
  return Array.isArray(answer) ? (answer as unknown[]).map(String) : [];
}
