import { CLOSE, newDocumentId, newSessionId, newUserId, type Role } from '@codesync/contract';
import { silentLogger } from '@codesync/storage';
import { createFakeClock } from '@codesync/storage/memory';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Admitted, Verdict } from './admission.ts';
import { createGuests } from './guests.ts';

function start() {
  const clock = createFakeClock();
  const verdicts = new Map<Admitted['user']['id'], Verdict[]>();
  let reviews = 0;
  const guests = createGuests({
    clock,
    logger: silentLogger,
    admission: {
      async review(admitted) {
        reviews += 1;
        const told = verdicts.get(admitted.user.id)?.shift();
        await nextTurn();
        return told ?? { kind: 'admitted', admitted };
      },
    },
  });
  function arrive() {
    const happened: (Role | number)[] = [];
    const guest = guests.add({
      phase: 'live',
      receive() {},
      open() {},
      changeRole: (role) => happened.push(role),
      close: (code) => void happened.push(code),
      drained() {},
      heard() {},
      ended() {},
      sweep() {},
    });
    return { guest, happened };
  }
  return { clock, guests, verdicts, arrive, reviews: () => reviews };
}

const someone = (): Admitted => ({
  document: newDocumentId(),
  user: { id: newUserId(), name: 'Ada' },
  role: 'editor',
  generation: 'g1',
  session: newSessionId(),
});

const settle = async () => {
  for (let i = 0; i < 5; i++) await nextTurn();
};

it('R14: reviews of one person do not overtake each other', async () => {
  const { guests, verdicts, arrive } = start();
  const admitted = someone();
  const { guest, happened } = arrive();
  guest.admitted = admitted;
  verdicts.set(admitted.user.id, [
    { kind: 'admitted', admitted: { ...admitted, role: 'viewer' } },
    { kind: 'admitted', admitted: { ...admitted, role: 'owner' } },
  ]);
  const notice = { kind: 'access-changed', document: admitted.document, user: admitted.user.id } as const;
  guests.hear(notice);
  guests.hear(notice);
  await settle();
  expect(happened).toEqual(['viewer', 'owner']);
});

it('R14: a notice that comes while someone is looked up makes them be looked up again', () => {
  const { guests, arrive } = start();
  const { guest } = arrive();
  guests.hear({ kind: 'session-ended', session: newSessionId() });
  expect(guest.stale).toBe(true);
});

it('R23: a document that was replaced closes with a transient code', async () => {
  const { guests, verdicts, arrive } = start();
  const admitted = someone();
  const { guest, happened } = arrive();
  guest.admitted = admitted;
  verdicts.set(admitted.user.id, [{ kind: 'admitted', admitted: { ...admitted, generation: 'g2' } }]);
  guests.hear({ kind: 'access-changed', document: admitted.document, user: admitted.user.id });
  await settle();
  expect(happened).toEqual([CLOSE.tryAgain]);
});

it('R15: access that cannot be asked again closes on a notice, and holds on a mere check', async () => {
  const { clock, guests, verdicts, arrive } = start();
  const admitted = someone();
  const { guest, happened } = arrive();
  guest.admitted = admitted;
  const down: Verdict = { kind: 'refused', refused: { code: CLOSE.unavailable, reason: 'down' } };
  verdicts.set(admitted.user.id, [down, down]);
  await clock.advance(6 * 60_000);
  guests.sweep();
  await settle();
  expect(happened).toEqual([]);
  guests.hear({ kind: 'access-changed', document: admitted.document, user: admitted.user.id });
  await settle();
  expect(happened).toEqual([CLOSE.unavailable]);
});

it('R14: a removal whose notice was lost is found within minutes, a few sockets at a time', async () => {
  const { clock, guests, verdicts, arrive, reviews } = start();
  const all = Array.from({ length: 120 }, () => {
    const { guest, happened } = arrive();
    guest.admitted = someone();
    return { guest, happened };
  });
  const removed = all[70];
  if (removed?.guest.admitted === undefined) throw new Error('a guest');
  verdicts.set(removed.guest.admitted.user.id, [
    { kind: 'refused', refused: { code: CLOSE.noAccess, reason: 'no access' } },
  ]);
  guests.sweep();
  expect(reviews()).toBe(0);
  await clock.advance(5 * 60_000);
  guests.sweep();
  await settle();
  expect(reviews()).toBe(50);
  guests.sweep();
  await settle();
  expect(removed.happened).toEqual([CLOSE.noAccess]);
});

it('R14: when notices were missed everyone is looked at again within a minute, who was looked at longest ago first', async () => {
  const { clock, guests, arrive, reviews } = start();
  const order: number[] = [];
  for (let index = 0; index < 1_000; index++) {
    const { guest } = arrive();
    guest.admitted = someone();
    guest.reviewedAt = clock.now() + ((index * 7) % 1_000);
    Object.defineProperty(guest.connection, 'changeRole', { value: () => order.push((index * 7) % 1_000) });
  }
  await clock.advance(60_000);
  guests.sweep();
  expect(reviews()).toBe(0);
  guests.missed();
  await settle();
  expect(reviews()).toBe(100);
  expect(order).toEqual(Array.from({ length: 100 }, (_, index) => index));
  for (let passed = 0; passed < 55_000; passed += 5_000) {
    await clock.advance(5_000);
    guests.sweep();
    await settle();
  }
  expect(reviews()).toBe(1_000);
  expect(new Set(order).size).toBe(1_000);
});

it('R14: who is just being looked up when notices were missed is looked up once more', () => {
  const { guests, arrive } = start();
  const { guest } = arrive();
  guests.missed();
  expect(guest.stale).toBe(true);
});

it('R14, R15: while access cannot be asked people stay, and are asked for again until it can', async () => {
  const { clock, guests, verdicts, arrive } = start();
  const admitted = someone();
  const { guest, happened } = arrive();
  guest.admitted = admitted;
  const down: Verdict = { kind: 'refused', refused: { code: CLOSE.unavailable, reason: 'down' } };
  const removed: Verdict = { kind: 'refused', refused: { code: CLOSE.noAccess, reason: 'no access' } };
  verdicts.set(admitted.user.id, [down, down, removed]);
  guests.missed();
  for (let sweeps = 0; sweeps < 2; sweeps++) {
    await settle();
    expect(happened).toEqual([]);
    await clock.advance(5_000);
    guests.sweep();
  }
  await settle();
  expect(happened).toEqual([CLOSE.noAccess]);
});
