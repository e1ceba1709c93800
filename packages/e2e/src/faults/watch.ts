// While a round works: what was acknowledged is read past the tasks, again and again, so that no promise is given before it holds.
import { setTimeout as sleep } from 'node:timers/promises';
import { DocumentId } from '@codesync/contract';
import { LogGap, SnapshotDamaged } from '@codesync/storage';
import * as Y from 'yjs';
import type { AckedClient, AckLevel } from '../acked-client.ts';
import { until } from '../until.ts';
import type { Author } from './author.ts';
import type { Part } from './fault-kinds.ts';
import { missingFrom, readCold, readWarm } from './stored-document.ts';
import type { World } from './world.ts';

/** Between two looks, in milliseconds. */
const EVERY = 500;

/** Milliseconds. Clients of parts that were away come back in less. */
const READABLE = 30_000;

/** Looks until told to stop; rejects at a broken promise. `levels` are those that hold in this round. */
export async function watchPromises(
  world: World,
  documents: readonly string[],
  authors: readonly Author[],
  levels: readonly AckLevel[],
  stop: AbortSignal,
): Promise<void> {
  for (let turn = 0; !stop.aborted; turn++) {
    const index = turn % documents.length;
    const document = DocumentId.parse(documents[index]);
    const here = authors.filter(({ plan }) => plan.document === index);
    for (const level of levels) {
      if (!reachable(world, level)) continue;
      await look(world, document, here, level).catch((error: unknown) => {
        // Otherwise a part has failed meanwhile.
        if (isBroken(error)) throw error;
      });
    }
    await sleep(EVERY);
  }
}

/** Everything that these authors were promised is where the promise says, and that can be read within a while. */
export async function expectKept(
  world: World,
  document: DocumentId,
  authors: readonly Author[],
  level: AckLevel,
): Promise<void> {
  let broken: unknown;
  await until(async () => {
    try {
      await look(world, document, authors, level);
    } catch (error) {
      if (!isBroken(error)) throw error;
      broken = error;
    }
  }, READABLE);
  if (broken !== undefined) throw broken;
}

async function look(world: World, document: DocumentId, authors: readonly Author[], level: AckLevel): Promise<void> {
  // As of before the read: what is promised while it lasts may come too late for it.
  const promised = authors.flatMap(({ acked }) => (acked === undefined ? [] : [promisedTo(acked, level)]));
  const { log, snapshots } = world;
  const doc = level === 'durable' ? await readCold(document, snapshots) : await readWarm(document, log, snapshots);
  const where = `of what is ${level} in document ${document} there is`;
  for (const { client, clock } of promised) {
    const kept = Y.getState(doc.store, client);
    if (kept < clock) throw new BrokenPromise(`R1: ${where} ${kept} of ${clock} by their author ${client}`);
  }
  const missing = missingFrom(
    doc,
    promised.flatMap(({ updates }) => updates),
  );
  if (missing !== undefined) throw new BrokenPromise(`R1: ${where} only ${missing}`);
}

function promisedTo(author: AckedClient, level: AckLevel) {
  return {
    client: author.doc.clientID,
    clock: author.acked(level),
    updates: Array.from(author.ackedUpdates(level)),
  };
}

class BrokenPromise extends Error {}

/** Anything else is a part that does not answer, which nobody promised. */
function isBroken(error: unknown): boolean {
  return error instanceof BrokenPromise || error instanceof LogGap || error instanceof SnapshotDamaged;
}

function reachable({ afflicted }: World, level: AckLevel): boolean {
  const parts: readonly Part[] = level === 'durable' ? ['objects', 'database'] : ['objects', 'database', 'redis'];
  return !parts.some((part) => afflicted.has(part));
}
