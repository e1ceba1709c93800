import { presenceColor } from '@codesync/contract';
import { describe, expect, it } from 'vitest';
import { OversizedPresence } from './presence.ts';
import { isToldClock } from './presence-clock.ts';
import { hear } from './testing/fake-socket.ts';
import { startPresence, told } from './testing/presence-parts.ts';

describe('presence', () => {
  it('R12: a state says who its author is, whatever the author says; colours and other fields are the author’s', async () => {
    const { presence, member, tick } = startPresence();
    const ada = member('Ada', 'owner');
    const ben = member('Ben');
    presence.announce(ada, [
      {
        clientId: 1,
        clock: 0,
        state: { user: { id: 'x', name: 'Eve', role: 'viewer', color: '#abc', age: 7 }, at: 3 },
      },
    ]);
    await tick();
    expect(ben.told).toMatchObject([
      [{ clientId: 1, state: { at: 3, user: { id: ada.user.id, name: 'Ada', role: 'owner', color: '#abc', age: 7 } } }],
    ]);
    expect(ben.told[0]?.[0]?.state?.user['colorLight']).toBe(presenceColor(ada.user.id).colorLight);
  });

  it('only the latest state of a client is told, once a tick, and never to its owner', async () => {
    const { presence, published, member, tick } = startPresence();
    const ada = member('Ada');
    const ben = member('Ben');
    for (let at = 1; at <= 30; at++) presence.announce(ada, [{ clientId: 1, clock: at, state: { at } }]);
    expect(ben.told).toEqual([]);
    await tick();
    expect(ben.told).toMatchObject([[{ clientId: 1, state: { at: 30 } }]]);
    expect(ada.told).toEqual([]);
    expect(published).toHaveLength(1);
    await tick();
    expect(ben.told).toHaveLength(1);
  });

  it('R10: clocks that are not newer are dropped; the same clock may only take the state away', async () => {
    const { presence, member, tick } = startPresence();
    const ada = member('Ada');
    const ben = member('Ben');
    presence.announce(ada, [{ clientId: 1, clock: 5, state: { at: 5 } }]);
    presence.announce(ada, [{ clientId: 1, clock: 5, state: { at: 'again' } }]);
    presence.announce(ada, [{ clientId: 1, clock: 4, state: null }]);
    await tick();
    expect(ben.told).toMatchObject([[{ state: { at: 5 } }]]);
    presence.announce(ada, [{ clientId: 1, clock: 5, state: null }]);
    await tick();
    expect(ben.told.at(-1)).toMatchObject([{ clientId: 1, state: null }]);
    expect(presence.clients()).toEqual([]);
  });

  it('R10: a client that another person’s open connection announced is theirs', async () => {
    const { presence, member, tick } = startPresence();
    const ada = member('Ada');
    const ben = member('Ben');
    const cy = member('Cy');
    presence.announce(ada, [{ clientId: 1, clock: 1, state: { at: 'Ada' } }]);
    presence.announce(ben, [{ clientId: 1, clock: 9, state: { at: 'Ben' } }]);
    presence.announce(ben, [{ clientId: 1, clock: 10, state: null }]);
    await tick();
    expect(cy.told).toMatchObject([[{ state: { at: 'Ada', user: { name: 'Ada' } } }]]);
  });

  it('R10: that someone else has gone is not believed, and gives no claim to a client', async () => {
    const { presence, member, tick } = startPresence();
    const ada = member('Ada');
    const ben = member('Ben');
    presence.announce(ben, [{ clientId: 1, clock: 3, state: null }]);
    presence.announce(ada, [{ clientId: 1, clock: 1, state: { at: 1 } }]);
    await tick();
    expect(ben.told).toMatchObject([[{ clientId: 1, state: { at: 1 } }]]);
  });

  it('the same person with the same client comes back before their old socket is known to be dead', async () => {
    const { presence, members, member, tick } = startPresence();
    const old = member('Ada');
    const ben = member('Ben');
    presence.announce(old, [{ clientId: 1, clock: 7, state: { at: 'old' } }]);
    await tick();
    const back = member('Ada', 'editor', old.user);
    presence.announce(back, [{ clientId: 1, clock: 7, state: { at: 'back' } }]);
    await tick();
    expect(ben.told.at(-1)).toMatchObject([{ state: { at: 'back' } }]);
    members.delete(old);
    presence.leave(old);
    await tick();
    expect(ben.told).toHaveLength(2);
    expect(presence.clients()).toEqual([1]);
  });

  it('clocks that are told only grow, also when someone comes back with their old one', async () => {
    const { presence, members, member, tick } = startPresence();
    const ben = member('Ben');
    for (let visit = 0; visit < 3; visit++) {
      const ada = member('Ada');
      presence.announce(ada, [{ clientId: 1, clock: 1, state: { visit } }]);
      await tick();
      members.delete(ada);
      presence.leave(ada);
      await tick();
    }
    const clocks = ben.told.flat().map(({ clock }) => clock);
    expect(clocks).toHaveLength(6);
    expect(clocks).toEqual([...new Set(clocks)].toSorted((a, b) => a - b));
    expect(clocks.every(isToldClock)).toBe(true);
  });

  it('R11: a machine whose clock is set back goes on with the clocks that it told', async () => {
    const { presence, member, tick, setClockBack } = startPresence();
    const [ada, ben] = [member('Ada'), member('Ben')];
    presence.announce(ada, [{ clientId: 1, clock: 1, state: {} }]);
    await tick();
    setClockBack(10_000);
    presence.announce(ben, [{ clientId: 2, clock: 1, state: {} }]);
    await tick();
    const [first, second] = [ben.told.flat(), ada.told.flat()].map((states) => states[0]?.clock ?? 0);
    expect(second).toBeGreaterThan(first ?? Infinity);
  });

  it('R11: whoever asks is told everyone, with clocks beyond those that were told before', async () => {
    const { presence, member, tick, clock } = startPresence();
    const ada = member('Ada');
    const ben = member('Ben');
    presence.announce(ada, [{ clientId: 1, clock: 1, state: {} }]);
    presence.hear([{ clientId: 2, clock: 5, state: '{"user":{"id":"far"}}' }]);
    await tick();
    await clock.advance(1_000);
    const again = presence.framesOf(presence.clients()).map(hear);
    const states = again.flatMap((heard) => (heard.kind === 'presence' ? heard.states : []));
    expect(states.map(({ clientId }) => clientId)).toEqual([1, 2]);
    const before = Math.max(...ben.told.flat().map(({ clock }) => clock));
    for (const { clock } of states) expect(clock).toBeGreaterThan(before);
  });

  it('R11: a member that leaves is gone for everyone with the next tick, here and elsewhere', async () => {
    const { presence, published, members, member, tick } = startPresence();
    const ada = member('Ada');
    const ben = member('Ben');
    presence.announce(ada, [{ clientId: 1, clock: 1, state: {} }]);
    await tick();
    members.delete(ada);
    presence.leave(ada);
    await tick();
    expect(ben.told.at(-1)).toMatchObject([{ clientId: 1, state: null }]);
    expect(published.at(-1)).toMatchObject([{ clientId: 1, state: null }]);
  });

  it('what comes back from the bus after a member left does not bring it back', async () => {
    const { presence, published, members, member, tick } = startPresence();
    const ada = member('Ada');
    const ben = member('Ben');
    presence.announce(ada, [{ clientId: 1, clock: 1, state: {} }]);
    await tick();
    members.delete(ada);
    presence.leave(ada);
    await tick();
    presence.hear(published.flat());
    await tick();
    expect(presence.clients()).toEqual([]);
    expect(ben.told).toHaveLength(2);
  });

  it('states of other tasks are told, not published again; old ones are dropped', async () => {
    const { presence, published, member, tick } = startPresence();
    const ben = member('Ben');
    presence.hear([told(10, 1, '{"at":10}')]);
    presence.hear([told(9, 1, '{"at":9}'), told(10, 1, '{"at":"again"}')]);
    await tick();
    expect(ben.told).toMatchObject([[{ state: { at: 10 } }]]);
    presence.hear([told(11, 1, null)]);
    await tick();
    expect(ben.told.at(-1)).toMatchObject([{ clientId: 1, state: null }]);
    expect(published).toEqual([]);
  });

  it('a client of ours that another task takes for gone is published again', async () => {
    const { presence, published, member, tick } = startPresence();
    const ada = member('Ada');
    presence.announce(ada, [{ clientId: 1, clock: 1, state: { at: 1 } }]);
    await tick();
    const clock = (published[0]?.[0]?.clock ?? 0) + 5_000_000;
    presence.hear([told(clock, 1, null)]);
    await tick();
    expect(published.at(-1)?.[0]?.state).toContain('"at":1');
    expect(published.at(-1)?.[0]?.clock).toBeGreaterThan(clock);
  });

  it('a client of ours that came to another task is that task’s, and our closing socket does not end it', async () => {
    const { presence, published, members, member, tick } = startPresence();
    const ada = member('Ada');
    presence.announce(ada, [{ clientId: 1, clock: 1, state: { at: 'here' } }]);
    await tick();
    presence.hear([told((published[0]?.[0]?.clock ?? 0) + 1_024, 1, '{"at":"there"}')]);
    members.delete(ada);
    presence.leave(ada);
    await tick();
    expect(published).toHaveLength(1);
    expect(presence.clients()).toEqual([1]);
  });

  it('R14: another role is told at once', async () => {
    const { presence, member, tick } = startPresence();
    const ada = member('Ada');
    const ben = member('Ben');
    presence.announce(ada, [{ clientId: 1, clock: 1, state: { at: 1 } }]);
    await tick();
    ada.role = 'viewer';
    presence.restamp(ada);
    await tick();
    expect(ben.told.at(-1)).toMatchObject([{ state: { at: 1, user: { role: 'viewer' } } }]);
  });

  it('what the bus refused is published later', async () => {
    const { presence, published, member, tick, failWith, clock } = startPresence();
    const ada = member('Ada');
    failWith(new Error('bus down'));
    presence.announce(ada, [{ clientId: 1, clock: 1, state: { at: 1 } }]);
    await tick();
    failWith(undefined);
    await clock.advance(1_100);
    expect(published.flat().map(({ clientId }) => clientId)).toEqual([1]);
  });

  it('what the bus refuses is told here once, however often it is tried', async () => {
    const { presence, published, member, tick, failWith, clock } = startPresence();
    const ada = member('Ada');
    const ben = member('Ben');
    failWith(new Error('bus down'));
    presence.announce(ada, [{ clientId: 1, clock: 1, state: { at: 1 } }]);
    await tick();
    for (let at = 2; at < 5; at++) {
      presence.announce(ben, [{ clientId: 2, clock: at, state: { at } }]);
      await clock.advance(1_100);
    }
    expect(ben.told).toHaveLength(1);
    failWith(undefined);
    await clock.advance(1_100);
    expect(published.flat().map(({ clientId }) => clientId)).toEqual([1, 2]);
  });

  it('R11: what the bus refused late is not said again of someone who has come to another task since', async () => {
    const { presence, published, member, members, tick, failWith, answerAfter, clock } = startPresence();
    const refused = Promise.withResolvers<void>();
    answerAfter(refused.promise);
    failWith(new Error('no answer'));
    const ada = member('Ada');
    presence.announce(ada, [{ clientId: 1, clock: 1, state: { at: 'here' } }]);
    await tick();
    members.delete(ada);
    presence.leave(ada);
    await tick();
    presence.hear([told(Number.MAX_SAFE_INTEGER - 4_096, 1, '{"at":"there"}')]);
    refused.resolve();
    await tick();
    failWith(undefined);
    await clock.advance(1_100);
    expect(published).toEqual([]);
    expect(presence.clients()).toEqual([1]);
  });

  it('R16: states are of bounded size, and one connection speaks for a bounded number of clients', async () => {
    const { presence, member, tick } = startPresence();
    const ada = member('Ada');
    const ben = member('Ben');
    expect(() => presence.announce(ada, [{ clientId: 1, clock: 1, state: { at: 'x'.repeat(17_000) } }])).toThrow(
      OversizedPresence,
    );
    for (let clientId = 1; clientId <= 100; clientId++) presence.announce(ada, [{ clientId, clock: 1, state: {} }]);
    await tick();
    expect(ben.told.flat()).toHaveLength(8);
  });
});
