// A session over a network and a clock that the test moves, against a server that the test plays.
import { DocumentId, UserId } from '@codesync/contract';
import { onTestFinished } from 'vitest';
import { createDocumentSession } from '../session.ts';
import { createDocumentSocket } from '../socket.ts';
import { statusOf } from '../status.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeNetwork } from './fake-network.ts';
import { createFakeServer } from './fake-server.ts';

export const documentId = DocumentId.parse('5f0c2a34-6a0f-4f0e-9a3b-0d9f3a1b2c4d');
export const user = { id: UserId.parse('0b9d9f3e-2d4b-4a57-8c1e-6f7a8b9c0d1e'), name: 'Ana' };

/** Ends with the test. */
export function openSession() {
  const clock = createFakeClock();
  const network = createFakeNetwork();
  const server = createFakeServer();
  const session = createDocumentSession(documentId, user, {
    clock,
    openSocket: (events) =>
      createDocumentSocket({ connect: network.connect, onWake: network.onWake, clock, random: () => 1 }, events),
  });
  onTestFinished(() => session.dispose());
  const says = () => statusOf(session.facts.getSnapshot()).text;
  const reconnect = () => {
    network.last().events.closed(1006);
    clock.advance(10_000);
    return network.last();
  };
  return { clock, network, server, session, says, reconnect };
}
