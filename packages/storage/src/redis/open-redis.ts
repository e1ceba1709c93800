// The connection to Redis that all its adapters share: one for commands, one that listens. A server behind a stable address, or a cluster.
import { Cluster, Redis } from 'ioredis';
import { silentLogger, type Logger } from '../logger.ts';
import { clusterRoutes, serverRoutes, slotOf } from './channel-routes.ts';
import { createChannels, type RedisChannels } from './channels.ts';
import { clientOptions, clusterOptions, COMMAND_TIMEOUT } from './client-options.ts';
import { createConnectionLog } from './connection-log.ts';
import { createCork } from './cork.ts';
import { createHeartbeat } from './heartbeat.ts';
import { shardName, SHARDS } from './keys.ts';
import { plainly } from './redis-failure.ts';
import { runScript, type RedisScript, type ScriptArgument } from './script.ts';

export interface RedisConfig {
  readonly host: string;
  readonly port: number;
  readonly tls?: boolean;
  readonly password?: string;
  /** The address is that of one node, or leads to any of them. */
  readonly cluster?: boolean;
}

export interface RedisConnection {
  /** Commands: reject at once while there is no connection, and after COMMAND_TIMEOUT without an answer. */
  readonly commands: Redis | Cluster;
  readonly channels: RedisChannels;
  /** What is run in one turn of the event loop is sent in one write. Strings in the reply are Buffers, numbers are numbers. */
  run(script: RedisScript, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown>;
  /** Every primary. Throws when one is not known: what they hold together would be incomplete. */
  primaries(): readonly Redis[];
  /** Writes something small to every primary. Rejects with the reason when one does not take it: no connection, read only, out of memory. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface RedisConnectionOptions {
  readonly logger?: Logger;
  /** What the server's CLIENT LIST shows. */
  readonly name?: string;
  readonly commandTimeout?: number;
}

/** In ms. Only the newest check counts. */
const CHECK_KEPT = 60_000;

/** Connects in the background, and again after every loss: opening does not fail while the server is away. */
export function openRedis(config: RedisConfig, options: RedisConnectionOptions = {}): RedisConnection {
  const { logger = silentLogger, name = 'codesync', commandTimeout = COMMAND_TIMEOUT } = options;
  const cluster = config.cluster === true;
  const log = createConnectionLog(logger, name);
  const heartbeat = createHeartbeat({
    interval: commandTimeout / 2,
    oneServer: !cluster,
    givenUp: (reason) => log.failed(reason),
  });

  const connect = (host: string, port: number, purpose: string): Redis => {
    const connection = new Redis(clientOptions({ ...config, host, port }, `${name}:${purpose}`, commandTimeout));
    connection.on('error', (error) => log.failed(error));
    connection.on('ready', () => log.restored());
    return connection;
  };
  const commands = cluster ? connectCluster() : connect(config.host, config.port, 'commands');
  if (commands instanceof Redis) heartbeat.watch(commands);
  const routes =
    commands instanceof Redis
      ? serverRoutes(() => connect(config.host, config.port, 'channels'))
      : clusterRoutes(commands, (host, port) => connect(host, port, 'channels'));
  const channels = createChannels(routes, heartbeat, { logger, timeout: commandTimeout });
  const cork = createCork(() => (commands instanceof Redis ? [commands] : commands.nodes('master')));

  function connectCluster(): Cluster {
    const { host, port } = config;
    const opened = new Cluster([{ host, port }], clusterOptions(config, `${name}:commands`, commandTimeout));
    opened.on('+node', (node: Redis) => heartbeat.watch(node));
    opened.on('error', (error) => log.failed(error));
    opened.on('node error', (error) => log.failed(error));
    opened.on('ready', () => log.restored());
    return opened;
  }

  /** For each primary, the name of a shard that it holds. */
  function shardsOfPrimaries(): Map<string | undefined, string> {
    const shards = new Map<string | undefined, string>();
    for (let shard = 0; shard < SHARDS; shard++) {
      const name = shardName(shard);
      shards.set(commands instanceof Redis ? 'server' : commands.slots[slotOf(name)]?.[0], name);
    }
    return shards;
  }

  return {
    commands,
    channels,
    async run(script, keys, args) {
      cork.thisTurn();
      return plainly(runScript(commands, script, keys, args));
    },
    primaries() {
      if (commands instanceof Redis) return [commands];
      const nodes = commands.nodes('master');
      return Array.from(shardsOfPrimaries().keys(), (owner) => {
        const node = nodes.find(({ options: { host, port } }) => `${host}:${port}` === owner);
        if (node === undefined) throw new Error('a part of Redis cannot be reached');
        return node;
      });
    },
    async check() {
      const keys = Array.from(shardsOfPrimaries().values(), (shard) => `${shard}:check`);
      await plainly(Promise.all(keys.map((key) => commands.set(key, '', 'PX', CHECK_KEPT))));
    },
    async close() {
      heartbeat.close();
      channels.close();
      await end(commands);
    },
  };
}

/** Resolves when its connections are closed, or none was open. */
async function end(commands: Redis | Cluster): Promise<void> {
  const connections = commands instanceof Redis ? [commands] : commands.nodes();
  // Without a stream before it has begun to connect.
  const open = connections.map(({ stream }) => stream).filter((stream) => stream !== undefined && !stream.closed);
  const closed = open.map((stream) => new Promise((resolve) => stream.once('close', resolve)));
  commands.disconnect();
  await Promise.all(closed);
}
