// Presence in one document with members that remember what they were told.
import { newDocumentId, newUserId, type Role } from '@codesync/contract';
import { silentLogger, type PresenceState } from '@codesync/storage';
import { createFakeClock } from '@codesync/storage/memory';
import { createPresence, type PresenceMember } from '../presence.ts';
import { createTicker } from '../ticker.ts';
import { hear, type HeardState } from './fake-socket.ts';

export interface TestMember extends PresenceMember {
  role: Role;
  readonly told: HeardState[][];
}

/** Presence of one document on a bus that a test makes fail, and a clock that it sets. */
export function startPresence() {
  const fake = createFakeClock();
  let setBack = 0;
  const clock = { ...fake, now: () => fake.now() - setBack };
  const members = new Set<TestMember>();
  const published: PresenceState[][] = [];
  let failure: Error | undefined;
  let answers: Promise<unknown> | undefined;
  const presence = createPresence({
    document: newDocumentId(),
    bus: {
      async publish(_document, states) {
        await answers;
        if (failure !== undefined) throw failure;
        published.push([...states]);
      },
    },
    clock,
    ticker: createTicker({ clock, logger: silentLogger }, 40),
    logger: silentLogger,
    members: () => members,
  });
  function member(name: string, role: Role = 'editor', user = { id: newUserId(), name }): TestMember {
    const told: HeardState[][] = [];
    const joined: TestMember = {
      user,
      role,
      told,
      tellPresence: (frames) => {
        for (const frame of frames) {
          const heard = hear(frame);
          if (heard.kind === 'presence') told.push([...heard.states]);
        }
      },
    };
    members.add(joined);
    return joined;
  }
  return {
    clock,
    presence,
    published,
    members,
    member,
    failWith: (error: Error | undefined) => void (failure = error),
    setClockBack: (milliseconds: number) => void (setBack = milliseconds),
    answerAfter: (event: Promise<unknown>) => void (answers = event),
    tick: () => clock.advance(40),
  };
}

/** As the bus tells it. */
export const told = (clock: number, clientId = 1, state: string | null = '{}'): PresenceState => ({
  clientId,
  clock,
  state,
});
