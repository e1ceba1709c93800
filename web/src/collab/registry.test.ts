// Sessions that outlive the page that showed them.
import { CLOSE, MESSAGE } from '@codesync/contract';
import { expect, it } from 'vitest';
import { createSessionRegistry } from './registry.ts';
import { createFakeClock } from './testing/fake-clock.ts';
import { documentId, openSession, user } from './testing/open-session.ts';

it('who was signed out with unsent edits and comes back has them sent', () => {
  const clock = createFakeClock();
  const { network, server, session } = openSession();
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
  const { session } = openSession();
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
  const { network, server, session } = openSession();
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
