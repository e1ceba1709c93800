// Where a channel is to be listened for: at the one server, or at the cluster's node that its hash tag belongs to.
import { Command, type Cluster, type Redis } from 'ioredis';

export interface ChannelRoutes {
  /** A name of the node; undefined while it is not known. */
  nodeOf(channel: string): string | undefined;
  connect(node: string): Redis;
  /** Asks again where channels belong; answers through `onChange`, also when nothing could be found out. */
  refresh(): void;
  /** Called whenever some channels may belong elsewhere. */
  onChange(changed: () => void): void;
}

export function serverRoutes(connect: () => Redis): ChannelRoutes {
  return { nodeOf: () => 'server', connect, refresh() {}, onChange() {} };
}

export function clusterRoutes(cluster: Cluster, connect: (host: string, port: number) => Redis): ChannelRoutes {
  const listeners: (() => void)[] = [];
  /** By hash tag: all channels are looked at with every refresh. */
  const slots = new Map<string, number>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  cluster.on('refresh', changed);
  return {
    nodeOf(channel) {
      const tag = channel.slice(0, channel.indexOf('}') + 1) || channel;
      const slot = slots.get(tag) ?? slotOf(tag);
      slots.set(tag, slot);
      return cluster.slots[slot]?.[0];
    },
    connect(node) {
      const colon = node.lastIndexOf(':');
      return connect(node.slice(0, colon), Number(node.slice(colon + 1)));
    },
    refresh: () => cluster.refreshSlotsCache((error) => error && changed()),
    onChange: (listener) => void listeners.push(listener),
  };
}

/** Which of the cluster's 16,384 slots a key or channel belongs to. */
export function slotOf(key: string): number {
  return new Command('get', [key]).getSlot();
}
