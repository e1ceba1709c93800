// How the connections to Redis behave: they fail fast, and come back for ever.
import type { ClusterOptions, RedisOptions } from 'ioredis';
import { isIP } from 'node:net';
import type { RedisConfig } from './open-redis.ts';

/** In ms. A command without an answer rejects then. Redis answers in one; a failover takes longer, and is told to whoever asked. */
export const COMMAND_TIMEOUT = 5_000;

/** In ms. Short, for a restart; capped, so that a server that comes back is not kept waiting. Half of it is chance: tasks do not come in step. */
const RETRY_DELAY = { first: 200, last: 2_000 } as const;

/** In ms, between looks whether a server that starts has read its data. */
const LOADING_DELAY = 500;

/** A node that moves a slot, or is just being connected, is worth another try; an outage is not to be hidden. */
const REDIRECTIONS = 6;

/** In ms. A change that no answer tells of: a node that was cut off from its cluster and does not know it. */
const SLOTS_REFRESH = 5_000;

/** In ms. How long one node is asked who has which slots before another one is. */
const SLOTS_TIMEOUT = 1_000;

export function clientOptions(config: RedisConfig, name: string, commandTimeout: number) {
  const { host, port, tls = false, password } = config;
  return {
    host,
    port,
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: isIP(host) === 0 ? { servername: host } : {} } : {}),
    connectionName: name,
    connectTimeout: commandTimeout,
    commandTimeout,
    // From a command that is not answered, or a heartbeat: a connection that is dead without an end is made anew.
    socketTimeout: commandTimeout,
    disconnectTimeout: 500,
    enableOfflineQueue: false,
    // What was under way when the connection was lost rejects: whether it was done is for the caller to find out.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxLoadingRetryTime: LOADING_DELAY,
    retryStrategy: retryDelay,
    // A primary that was made a replica: the address leads to the new one, this connection never will.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  } satisfies RedisOptions;
}

export function clusterOptions(config: RedisConfig, name: string, commandTimeout: number) {
  const {
    host: _host,
    port: _port,
    tls: _tls,
    enableOfflineQueue,
    retryStrategy: clusterRetryStrategy,
    ...node
  } = clientOptions(config, name, commandTimeout);
  return {
    // Nodes are known by their numbers: a name to ask for is not at hand.
    redisOptions: { ...node, ...(config.tls === true ? { tls: {} } : {}), reconnectOnError: null },
    clusterRetryStrategy,
    enableOfflineQueue,
    maxRedirections: REDIRECTIONS,
    // The answer of a cluster that has lost too many nodes: told at once.
    retryDelayOnClusterDown: 0,
    slotsRefreshInterval: SLOTS_REFRESH,
    slotsRefreshTimeout: SLOTS_TIMEOUT,
    // Names stay names: certificates are made out to them.
    dnsLookup: (hostname, callback) => callback(null, hostname),
  } satisfies ClusterOptions;
}

function retryDelay(attempt: number): number {
  const delay = Math.min(RETRY_DELAY.last, RETRY_DELAY.first * 2 ** (attempt - 1));
  return delay * (0.5 + Math.random() / 2);
}
