// What must hold when the faults are over: one text for everyone, every promise kept, nobody there who is not, and nothing left behind.
import { TEXT_NAME, type DocumentId } from '@codesync/contract';
import * as Y from 'yjs';
import type { Person } from '../person.ts';
import { connectStockClient, type StockClient } from '../stock-client.ts';
import { until } from '../until.ts';
import type { Author } from './author.ts';
import { readCold } from './stored-document.ts';
import type { World } from './world.ts';

/** Milliseconds. Clients wait up to 2.5 s between two attempts, a task up to 5 s for a part that was away. */
const CONVERGED = 60_000;
/** A part that was down is tried again after 30 s at the latest. */
const DURABLE = 45_000;
/** R11. */
const GHOSTS = 10_000;
const TRIMMED = 20_000;

/** Everyone who is here has the same document, and so has who comes now, at whichever task, and who asks the API. */
export async function expectConverged(world: World, document: string, authors: readonly Author[]): Promise<Y.Doc> {
  const [reader] = world.people;
  if (reader === undefined) throw new RangeError('there are no people');
  const here = authors.filter(({ isHere }) => isHere);
  const late = world.tasks.map(({ url }) => connectStockClient({ url, document, token: reader.token }));
  const clients: readonly StockClient[] = [...here.map(({ client }) => client), ...late];
  const [first, ...others] = clients.map(({ doc }) => doc);
  if (first === undefined) throw new RangeError('there are no clients');
  try {
    await until(() => expectSame(first, others, clients), CONVERGED);
    await until(() => expectServed(reader, document, clients), CONVERGED);
  } finally {
    for (const client of late) client.close();
  }
  return first;
}

function expectSame(first: Y.Doc, others: readonly Y.Doc[], clients: readonly StockClient[]): void {
  const away = clients.filter(({ provider }) => !provider.synced).length;
  if (away > 0) throw new Error(`${away} of ${clients.length} clients are not synced`);
  const snapshot = Y.snapshot(first);
  const text = first.getText(TEXT_NAME).toString();
  for (const [index, other] of others.entries()) {
    // Not the state vectors alone: they do not see deletions (R6).
    if (Y.equalSnapshots(snapshot, Y.snapshot(other)) && text === other.getText(TEXT_NAME).toString()) continue;
    throw new Error(`client ${index + 1} differs from client 0: ${difference(first, other)}`);
  }
  // Something may still wait for what a client that is gone had not sent: what nobody here has, nobody can bring.
}

async function expectServed(reader: Person, document: string, [client]: readonly StockClient[]): Promise<void> {
  const content = await reader.content(document);
  if (content !== client?.text.toString()) throw new Error('the API has another text than the clients');
  // R21
  if (content.includes('\r')) throw new Error('there is a carriage return in the text');
}

/** What one has and the other lacks, in clocks; for a person who looks for the reason. */
export function difference(one: Y.Doc, other: Y.Doc): string {
  const [ones, others] = [Y.snapshot(one), Y.snapshot(other)];
  const clocks = new Set([...ones.sv.keys(), ...others.sv.keys()]);
  const differing = Array.from(
    clocks,
    (client) => [client, ones.sv.get(client) ?? 0, others.sv.get(client) ?? 0] as const,
  )
    .filter(([, a, b]) => a !== b)
    .map(([client, a, b]) => `${client}: ${a} and ${b}`);
  const [length, otherLength] = [one, other].map((doc) => doc.getText(TEXT_NAME).length);
  const deletions = Y.equalDeleteSets(ones.ds, others.ds) ? 'the same deletions' : 'other deletions';
  return `${length} and ${otherLength} characters, ${deletions}, clocks ${differing.join(', ') || 'the same'}`;
}

/** Everyone is told that all they typed is durable, and it is (R1, R24). */
export async function expectDurable(
  world: World,
  document: DocumentId,
  converged: Y.Doc,
  authors: readonly Author[],
): Promise<void> {
  const asking = authors.filter(({ isHere }) => isHere).flatMap(({ acked }) => acked ?? []);
  await until(() => {
    for (const client of asking) {
      const typed = Y.getState(client.doc.store, client.doc.clientID);
      const durable = client.acked('durable');
      if (durable < typed) throw new Error(`R24: ${durable} of ${typed} are told to be durable`);
    }
  }, DURABLE);
  await until(async () => {
    const cold = await readCold(document, world.snapshots);
    if (!Y.equalSnapshots(Y.snapshot(cold), Y.snapshot(converged))) {
      throw new Error(`the cold reload differs: ${difference(cold, converged)}`);
    }
  }, DURABLE);
}

/** R11: everyone sees exactly those who are here. */
export async function expectPresence(authors: readonly Author[]): Promise<void> {
  const here = authors.filter(({ isHere }) => isHere);
  const expected = new Set(here.map(({ client }) => client.doc.clientID));
  await until(() => {
    const wrong = here.flatMap((author) => {
      const seen = author.sees();
      const ghosts = Array.from(seen).filter((each) => !expected.has(each));
      const unseen = Array.from(expected).filter((each) => !seen.has(each));
      if (ghosts.length + unseen.length === 0) return [];
      return `${author.client.doc.clientID} sees ghosts [${ghosts.join()}] and misses [${unseen.join()}]`;
    });
    if (wrong.length > 0) throw new Error(`R11: ${wrong.length} of ${here.length}: ${wrong.join('; ')}`);
  }, GHOSTS);
}

/** What is durable is not kept in Redis, too. */
export async function expectTrimmed(world: World): Promise<void> {
  await until(async () => {
    const left = await world.streams();
    if (left.length > 0) throw new Error(`streams are left in Redis: ${left.join(', ')}`);
  }, TRIMMED);
}
