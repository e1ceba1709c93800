// A session against a server that the test plays: what is sent, what is counted, what is said.
import { CLOSE, MESSAGE } from '@codesync/contract';
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { decodeMessage, encodeAwareness } from './protocol.ts';
import { createFakeServer } from './testing/fake-server.ts';
import { openSession, user } from './testing/open-session.ts';

describe('acks', () => {
  it('R24: an edit is saving, then synced when logged, then saved when durable', () => {
    const { network, server, session, says } = openSession();
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
    const { network, server, session, says, reconnect } = openSession();
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
    const { network, server, session, says, reconnect } = openSession();
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
    const { network, server, session } = openSession();
    network.last().events.opened();
    session.text.insert(0, 'early');
    expect(server.take(network.last())).toEqual([]);
    server.join(network.last());
    expect(server.take(network.last()).map(({ kind }) => kind)).toEqual(['sync-step-2']);
    expect(server.text()).toBe('early');
  });

  it('R7: a server that asks again is told again', () => {
    const { network, server, session } = openSession();
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
    const { network, server, session, says } = openSession();
    server.join(network.last(), { role: 'viewer' });
    server.insert(network.last(), 0, 'theirs');
    session.text.insert(0, 'forged');
    expect(server.take(network.last())).toEqual([]);
    expect(says()).toContain('1 edit of yours was not saved');
    expect(session.text.toString()).toBe('forgedtheirs');
  });

  it('R14: a demotion and a promotion take effect on the open connection, and what was held back goes then', () => {
    const { network, server, session, says } = openSession();
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
    const { clock, network, server, session, says } = openSession();
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
    const { clock, network, server, session, says, reconnect } = openSession();
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
    const { server, session, network, reconnect } = openSession();
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
    const { clock, network, server, session } = openSession();
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
    const { clock, network, server, session } = openSession();
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
    const { network, server, session, reconnect } = openSession();
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
    const { network, server } = openSession();
    server.join(network.last());
    const ben = stranger('Ben');
    network.last().sent.length = 0;
    network.last().events.received(stateOf(ben));
    expect(network.last().sent).toEqual([]);
    ben.destroy();
  });
});

it('bytes that are no message cost the connection, not the session', () => {
  const { clock, network, server, session, says } = openSession();
  server.join(network.last());
  session.text.insert(0, 'a');
  network.last().events.received(new Uint8Array([0, 2, 255]));
  expect(says()).toMatch(/^Offline/);
  clock.advance(10_000);
  server.join(network.last());
  server.take(network.last());
  expect(server.text()).toBe('a');
});
