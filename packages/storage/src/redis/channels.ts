// Channels: what is published in Redis for whoever listens at the moment. Sharded pub/sub, so that on a cluster a message stays on its shard.
import { createListeners, type Listeners } from '../listeners.ts';
import type { Logger } from '../logger.ts';
import type { Unsubscribe } from '../update-log.ts';
import { createBoundedWarning } from './bounded-warning.ts';
import type { ChannelRoutes } from './channel-routes.ts';
import type { Heartbeat } from './heartbeat.ts';
import { createSubscriber, type Subscriber } from './subscriber.ts';

export interface RedisChannels {
  /**
   * Resolves when the subscription is active on the server; rejects, and nothing is subscribed, when it is not within the command
   * timeout. From then on it comes back by itself after every loss. Listeners of one channel share one subscription.
   *
   * `missed` is called after every moment in which messages may have been lost, when the subscription is active again: the
   * connection was lost or silent for too long, or the channel moved to another node.
   */
  subscribe(channel: string, listener: (message: Buffer) => void, missed?: () => void): Promise<Unsubscribe>;
}

interface Channel {
  readonly name: string;
  readonly listeners: Listeners<Buffer>;
  readonly doubters: Listeners<undefined>;
  /** Where it is listened for. */
  node: string | undefined;
  active: boolean;
  /** Resolved when it becomes active. */
  activation: PromiseWithResolvers<void>;
}

/** In ms. A node that says a channel has moved may know it before the others do. */
const MOVED_DELAY = 200;

export function createChannels(
  routes: ChannelRoutes,
  heartbeat: Heartbeat,
  { logger, timeout }: { readonly logger: Logger; readonly timeout: number },
): RedisChannels & { close(): void } {
  const warnOfRefusal = createBoundedWarning(logger, 'Redis refuses a subscription');
  const channels = new Map<string, Channel>();
  const subscribers = new Map<string, Subscriber>();
  /** Nodes whose channels are to be asked for again, once it is known where they belong. */
  const doubtful = new Set<string>();
  let refreshing: NodeJS.Timeout | undefined;
  let closed = false;

  function connect(node: string): Subscriber {
    const known = subscribers.get(node);
    if (known !== undefined) return known;
    const subscriber = createSubscriber(routes.connect(node), heartbeat, {
      message: (name, message) => channels.get(name)?.listeners.deliver(message),
      active(name) {
        const channel = channels.get(name);
        if (channel?.node !== node) return;
        channel.active = true;
        channel.activation.resolve();
        // Empty unless the channel was active before: those who wait for the first time have read nothing yet.
        channel.doubters.deliver(undefined);
      },
      lost() {
        for (const channel of channels.values()) if (channel.node === node) suspend(channel);
        refreshSoon();
      },
      moved() {
        doubtful.add(node);
        refreshSoon();
      },
      refused: (error) => warnOfRefusal({ error }),
    });
    subscribers.set(node, subscriber);
    return subscriber;
  }

  function suspend(channel: Channel): void {
    if (!channel.active) return;
    channel.active = false;
    channel.activation = newActivation();
  }

  function refreshSoon(): void {
    if (closed) return;
    refreshing ??= setTimeout(() => {
      refreshing = undefined;
      routes.refresh();
    }, MOVED_DELAY);
  }

  function place(channel: Channel): void {
    const node = routes.nodeOf(channel.name);
    if (node === undefined || (node === channel.node && !doubtful.has(node))) return;
    if (channel.node !== undefined && channel.node !== node) subscribers.get(channel.node)?.remove(channel.name);
    suspend(channel);
    channel.node = node;
    connect(node).add(channel.name);
  }

  routes.onChange(() => {
    if (closed) return;
    for (const channel of channels.values()) place(channel);
    doubtful.clear();
    const inUse = new Set([...channels.values()].map((channel) => channel.node));
    for (const [node, subscriber] of subscribers) {
      if (inUse.has(node)) continue;
      subscribers.delete(node);
      subscriber.close();
    }
  });

  function open(name: string): Channel {
    const channel: Channel = {
      name,
      listeners: createListeners(logger),
      doubters: createListeners(logger),
      node: undefined,
      active: false,
      activation: newActivation(),
    };
    channels.set(name, channel);
    place(channel);
    return channel;
  }

  async function untilActive(channel: Channel): Promise<void> {
    const deadline = Promise.withResolvers<never>();
    const timer = setTimeout(() => deadline.reject(new Error('Redis did not confirm a subscription in time')), timeout);
    try {
      // More than once: it may be lost again before this continues.
      while (!channel.active) await Promise.race([channel.activation.promise, deadline.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async subscribe(name, listener, missed) {
      if (closed) throw new Error('the connection to Redis is closed');
      const channel = channels.get(name) ?? open(name);
      const unsubscribers = [channel.listeners.add(listener)];
      const unsubscribe = (): void => {
        for (const remove of unsubscribers) remove();
        if (channel.listeners.size > 0 || channels.get(name) !== channel) return;
        channels.delete(name);
        if (channel.node !== undefined) subscribers.get(channel.node)?.remove(name);
      };
      try {
        await untilActive(channel);
      } catch (error) {
        unsubscribe();
        throw error;
      }
      if (missed !== undefined) unsubscribers.push(channel.doubters.add(missed));
      return unsubscribe;
    },
    close() {
      closed = true;
      clearTimeout(refreshing);
      for (const channel of channels.values())
        channel.activation.reject(new Error('the connection to Redis is closed'));
      channels.clear();
      for (const subscriber of subscribers.values()) subscriber.close();
    },
  };
}

function newActivation(): PromiseWithResolvers<void> {
  const activation = Promise.withResolvers<void>();
  // Perhaps nobody waits for it when it rejects.
  activation.promise.catch(() => {});
  return activation;
}
