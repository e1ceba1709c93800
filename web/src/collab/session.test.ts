// A session against a server that the test plays: what is sent, what is counted, what is said.
import { CLOSE, DocumentId, MESSAGE, UserId } from '@codesync/contract';
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { decodeMessage, encodeAwareness } from './protocol.ts';
import { createSessionRegistry } from './registry.ts';
import { createDocumentSession, type DocumentSession } from './session.ts';
import { createDocumentSocket } from './socket.ts';
import { statusOf } from './status.ts';
import { createFakeClock } from './testing/fake-clock.ts';
import { createFakeNetwork } from './testing/fake-network.ts';
import { createFakeServer } from './testing/fake-server.ts';

const documentId = DocumentId.parse('5f0c2a34-6a0f-4f0e-9a3b-0d9f3a1b2c4d');
const user = { id: UserId.parse('0b9d9f3e-2d4b-4a57-8c1e-6f7a8b9c0d1e'), name: 'Ana' };

let opened: DocumentSession[] = [];
afterEach(() => {
  for (const session of opened) session.dispose();
  opened = [];
});

function open() {
  const clock = createFakeClock();
  const network = createFakeNetwork();
  const server = createFakeServer();
  const session = createDocumentSession(documentId, user, {
    clock,
    openSocket: (events) =>
      createDocumentSocket({ connect: network.connect, onWake: network.onWake, clock, random: () => 1 }, events),
  });
  opened.push(session);
  const says = () => statusOf(session.facts.getSnapshot()).text;
  const reconnect = () => {
    network.last().events.closed(1006);
    clock.advance(10_000);
    return network.last();
  };
  return { clock, network, server, session, says, reconnect };
}

describe('acks', () => {
  it('R24: an edit is saving, then synced when logged, then saved when durable', () => {
    const { network, server, session, says } = open();
    const connection = network.last();
    server.join(connection);
    expect(says()).toBe('Saved');
    session.text.insert(0, 'a');
    session.text.insert(1, 'b');
    expect(server.take(connection).map(({ kind }) => kind)).toEqual(['sync-step-2', 'update', 'update']);
    server.tell(connection, MESSAGE.logged, 2);
    expect(says()).toBe('Saving…');
    server.tell(connection, MESSAGE.logged, 3);
    expect(says()).toBe('Synced');
    server.tell(connection, MESSAGE.durable, 2);
    expect(says()).toBe('Synced');
    server.tell(connection, MESSAGE.durable, 3);
    expect(says()).toBe('Saved');
    expect(server.text()).toBe('ab');
  });

  it('R1: what was typed while the link was down goes in one step 2, counted from 0 on the new connection', () => {
    const { network, server, session, says, reconnect } = open();
    server.join(network.last());
    session.text.insert(0, 'lost?');
    network.last().sent.length = 0;
    network.last().events.closed(1006);
    for (const letter of ['x', 'y', 'z']) session.text.insert(0, letter);
    expect(says()).toBe('Offline. 4 edits are kept in this tab.');

    const connection = reconnect();
    server.join(connection);
    expect(says()).toBe('Saving…');
    expect(server.take(connection)).toHaveLength(1);
    expect(server.text()).toBe('zyxlost?');
    server.tell(connection, MESSAGE.logged, 1);
    server.tell(connection, MESSAGE.durable, 1);
    expect(says()).toBe('Saved');
  });

  it('R24: an ack of a connection that is gone proves nothing for the next', () => {
    const { network, server, session, says, reconnect } = open();
    server.join(network.last());
    session.text.insert(0, 'a');
    const connection = reconnect();
    server.join(connection);
    server.take(connection);
    session.text.insert(0, 'b');
    server.tell(connection, MESSAGE.durable, 1);
    expect(says()).toBe('Saving…');
    server.tell(connection, MESSAGE.durable, 2);
    expect(says()).toBe('Saved');
  });

  it('R2: nothing is sent ahead of the step 2 that it builds on', () => {
    const { network, server, session } = open();
    network.last().events.opened();
    session.text.insert(0, 'early');
    expect(server.take(network.last())).toEqual([]);
    server.join(network.last());
    expect(server.take(network.last()).map(({ kind }) => kind)).toEqual(['sync-step-2']);
    expect(server.text()).toBe('early');
  });

  it('R7: a server that asks again is told again', () => {
    const { network, server, session } = open();
    server.join(network.last());
    session.text.insert(0, 'kept');
    network.last().sent.length = 0;
    server.join(network.last());
    server.take(network.last());
    expect(server.text()).toBe('kept');
  });
});

describe('role', () => {
  it('R13: a viewer sends no document message, and sees what others write', () => {
    const { network, server, session, says } = open();
    server.join(network.last(), { role: 'viewer' });
    server.insert(network.last(), 0, 'theirs');
    session.text.insert(0, 'forged');
    expect(server.take(network.last())).toEqual([]);
    expect(says()).toContain('1 edit of yours was not saved');
    expect(session.text.toString()).toBe('forgedtheirs');
  });

  it('R14: a demotion and a promotion take effect on the open connection, and what was held back goes then', () => {
    const { network, server, session, says } = open();
    const connection = network.last();
    server.join(connection);
    server.take(connection);
    server.tell(connection, MESSAGE.role, 'viewer');
    expect(says()).toBe('Read-only: you can view this document.');
    session.text.insert(0, 'late');
    server.tell(connection, MESSAGE.role, 'editor');
    expect(server.take(connection)).toHaveLength(1);
    expect(server.text()).toBe('late');
    expect(network.connections).toHaveLength(1);
  });

  it('a refusal stops for good and leaves the text readable', () => {
    const { clock, network, server, session, says } = open();
    server.join(network.last());
    server.insert(network.last(), 0, 'text');
    network.last().events.closed(CLOSE.noAccess);
    clock.advance(60_000);
    expect(network.connections).toHaveLength(1);
    expect(says()).toBe('Read-only: you have no access any more.');
    expect(session.text.toString()).toBe('text');
  });
});

describe('generation', () => {
  it('R23: another generation is never blended: nothing is taken, nothing is sent, and it is said', () => {
    const { clock, network, server, session, says, reconnect } = open();
    server.join(network.last());
    session.text.insert(0, 'mine');
    const other = createFakeServer();
    other.doc.getText('content').insert(0, 'restored');
    const connection = reconnect();
    other.join(connection, { generation: 'second' });
    expect(other.take(connection)).toEqual([]);
    expect(session.text.toString()).toBe('mine');
    expect(says()).toMatch(/^Read-only: this document was replaced.*1 edit of yours was not saved/);
    clock.advance(60_000);
    network.wake();
    session.retry();
    expect(network.connections).toHaveLength(2);
  });

  it('R23: on a reconnect nothing is blended before the generation is known', () => {
    const { server, session, network, reconnect } = open();
    server.join(network.last());
    const connection = reconnect();
    connection.events.opened();
    server.insert(connection, 0, 'unproven');
    expect(session.text.toString()).toBe('');
  });
});

describe('presence', () => {
  function stranger(name: string): Awareness {
    const awareness = new Awareness(new Y.Doc());
    awareness.setLocalState({ user: { id: name, name } });
    return awareness;
  }
  const stateOf = (awareness: Awareness) => encodeAwareness(encodeAwarenessUpdate(awareness, [awareness.clientID]));

  it('people stay for 10 s after a drop, and not longer', () => {
    const { clock, network, server, session } = open();
    server.join(network.last());
    const ben = stranger('Ben');
    network.last().events.received(stateOf(ben));
    network.last().events.closed(1006);
    clock.advance(9_000);
    expect(session.awareness.getStates().has(ben.clientID)).toBe(true);
    clock.advance(1_000);
    expect(session.awareness.getStates().has(ben.clientID)).toBe(false);
    ben.destroy();
  });

  it('after a reconnect those who are named again stay without a blink, also with their old clock; the others go', () => {
    const { clock, network, server, session } = open();
    server.join(network.last());
    const [ben, chloe] = [stranger('Ben'), stranger('Chloé')];
    for (const one of [ben, chloe]) network.last().events.received(stateOf(one));
    network.last().events.closed(1006);
    clock.advance(100);
    server.join(network.last());
    network.last().events.received(stateOf(ben));
    clock.advance(3_000);
    expect(session.awareness.getStates().has(ben.clientID)).toBe(true);
    expect(session.awareness.getStates().has(chloe.clientID)).toBe(false);
    clock.advance(100);
    network.last().events.received(stateOf(chloe));
    expect(session.awareness.getStates().has(chloe.clientID)).toBe(true);
    for (const one of [ben, chloe]) one.destroy();
  });

  it('a connection begins with who we are, under a newer clock than before', () => {
    const { network, server, session, reconnect } = open();
    server.join(network.last());
    const connection = reconnect();
    server.join(connection);
    const seen = new Awareness(new Y.Doc());
    for (const frame of connection.sent) {
      const message = decodeMessage(frame);
      if (message.kind === 'awareness') applyAwarenessUpdate(seen, message.update, 'test');
    }
    expect(seen.getStates().get(session.awareness.clientID)).toMatchObject({ user: { id: user.id, name: 'Ana' } });
    expect(seen.meta.get(session.awareness.clientID)?.clock).toBe(
      session.awareness.meta.get(session.awareness.clientID)?.clock,
    );
    seen.destroy();
  });

  it('other people’s states are never sent back (R10)', () => {
    const { network, server } = open();
    server.join(network.last());
    const ben = stranger('Ben');
    network.last().sent.length = 0;
    network.last().events.received(stateOf(ben));
    expect(network.last().sent).toEqual([]);
    ben.destroy();
  });
});

it('bytes that are no message cost the connection, not the session', () => {
  const { clock, network, server, session, says } = open();
  server.join(network.last());
  session.text.insert(0, 'a');
  network.last().events.received(new Uint8Array([0, 2, 255]));
  expect(says()).toMatch(/^Offline/);
  clock.advance(10_000);
  server.join(network.last());
  server.take(network.last());
  expect(server.text()).toBe('a');
});

describe('registry', () => {
  it('who was signed out with unsent edits and comes back has them sent', () => {
    const clock = createFakeClock();
    const { network, server, session } = open();
    const registry = createSessionRegistry(() => session, clock);
    const { release } = registry.retain(documentId, user);
    server.join(network.last());
    server.take(network.last());
    network.last().events.closed(CLOSE.notSignedIn);
    session.text.insert(0, 'kept');
    release();
    clock.advance(60_000);
    registry.retain(documentId, user);
    server.join(network.last());
    server.take(network.last());
    expect(server.text()).toBe('kept');
  });

  it('two who show a document share one session, and a quick way back finds it', () => {
    const clock = createFakeClock();
    const { session } = open();
    const registry = createSessionRegistry(() => session, clock);
    const [one, other] = [registry.retain(documentId, user), registry.retain(documentId, user)];
    expect(one.session).toBe(other.session);
    one.release();
    one.release();
    other.release();
    clock.advance(999);
    registry.retain(documentId, user);
    clock.advance(10_000);
    expect(registry.find(documentId, user.id)).toBe(session);
  });

  it('a page that is left keeps its session until its edits are logged', () => {
    const clock = createFakeClock();
    const { network, server, session } = open();
    const registry = createSessionRegistry(() => session, clock);
    server.join(network.last());
    session.text.insert(0, 'a');
    registry.retain(documentId, user).release();
    clock.advance(60_000);
    expect(registry.find(documentId, user.id)).toBe(session);
    expect(registry.wouldLose()).toBe(true);
    server.take(network.last());
    server.tell(network.last(), MESSAGE.logged, 2);
    expect(registry.find(documentId, user.id)).toBeUndefined();
    expect(registry.wouldLose()).toBe(false);
  });
});
