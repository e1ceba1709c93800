// Those who listen to one thing. One that throws is reported and does not keep the others from hearing.
import type { Logger } from './logger.ts';
import type { Unsubscribe } from './update-log.ts';

export interface Listeners<Value> {
  /** The same function added twice is heard twice. Unsubscribing twice is harmless. */
  add(listener: (value: Value) => void): Unsubscribe;
  deliver(value: Value): void;
  readonly size: number;
}

export function createListeners<Value>(logger: Logger): Listeners<Value> {
  const members = new Set<{ readonly listener: (value: Value) => void }>();
  return {
    add(listener) {
      const member = { listener };
      members.add(member);
      return () => {
        members.delete(member);
      };
    },
    deliver(value) {
      // A copy: a listener may add or remove others, and who was removed meanwhile must not hear.
      for (const member of Array.from(members)) {
        if (!members.has(member)) continue;
        try {
          member.listener(value);
        } catch (error) {
          logger.error({ error }, 'a listener threw');
        }
      }
    },
    get size() {
      return members.size;
    },
  };
}
