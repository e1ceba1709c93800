// One connection that only listens: it asks for its channels, and again for all of them after every loss.
import type { Redis } from 'ioredis';
import type { Heartbeat } from './heartbeat.ts';

export interface SubscriberEvents {
  message(channel: string, message: Buffer): void;
  /** The server has confirmed the subscription; again after every loss. */
  active(channel: string): void;
  /** Nothing is subscribed any more, until `active` says so. Also called for each attempt to connect that failed. */
  lost(): void;
  /** The server says that a channel belongs to another node, or has unsubscribed one itself: any of them may be concerned. */
  moved(): void;
  /** The server refuses a subscription: everything is begun again. */
  refused(error: unknown): void;
}

export interface Subscriber {
  /** Twice asks the server twice, and is confirmed twice. */
  add(channel: string): void;
  remove(channel: string): void;
  close(): void;
}

export function createSubscriber(redis: Redis, heartbeat: Heartbeat, events: SubscriberEvents): Subscriber {
  const channels = new Set<string>();
  let usable = false;

  async function ask(channel: string): Promise<void> {
    try {
      await redis.ssubscribe(channel);
    } catch (error) {
      // Lost meanwhile: all are asked for again.
      if (!usable || !channels.has(channel)) return;
      // ioredis tells `moved` by itself.
      if (error instanceof Error && error.message.startsWith('MOVED')) return;
      usable = false;
      redis.disconnect(true);
      events.refused(error);
      return;
    }
    if (usable && channels.has(channel)) events.active(channel);
  }

  function askForAll(): void {
    usable = true;
    const { stream } = redis;
    // In one write, not in thousands.
    stream.cork();
    for (const channel of channels) void ask(channel);
    stream.uncork();
  }

  redis.on('smessageBuffer', (channel: Buffer, message: Buffer) => events.message(channel.toString(), message));
  redis.on('moved', () => events.moved());
  redis.on('close', () => {
    usable = false;
    events.lost();
  });
  heartbeat.watch(redis, askForAll);

  return {
    add(channel) {
      channels.add(channel);
      if (usable) void ask(channel);
    },
    remove(channel) {
      // A rejection means that the connection is lost, and with it the subscription.
      if (channels.delete(channel) && usable) redis.sunsubscribe(channel).catch(() => {});
    },
    close() {
      channels.clear();
      usable = false;
      redis.disconnect();
    },
  };
}
