// The connection itself: a server that is not there yet, a wrong password, silence, what is logged of it, the end.
import { freePort, startRedis, startTcpProxy } from '@codesync/backends';
import { Redis } from 'ioredis';
import { expect, it, vi } from 'vitest';
import { silentLogger, type Logger } from '../logger.ts';
import { openRedis } from './open-redis.ts';
import { defineScript } from './script.ts';
import { untilWorks } from './testing/until-works.ts';

/** In ms: what has to be waited for is the same, and the tests are short. */
const commandTimeout = 300;
const ECHO = defineScript('return { KEYS[1], ARGV[1] }');
const CHANNEL = 'codesync:{s007}:test';

function recorded(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const write = (_fields: unknown, message: string): void => void lines.push(message);
  return { logger: { ...silentLogger, info: write, warn: write, error: write }, lines };
}

it('opening does not fail while the server is away; it is connected when it comes, and an outage is two lines', async () => {
  const port = await freePort();
  const { logger, lines } = recorded();
  const redis = openRedis({ host: '127.0.0.1', port }, { commandTimeout, logger });
  await expect(redis.check()).rejects.toThrow('Redis cannot be reached');
  await expect(redis.run(ECHO, ['key'], ['value'])).rejects.toThrow('Redis cannot be reached');
  await expect(redis.channels.subscribe(CHANNEL, () => {})).rejects.toThrow('did not confirm');
  const server = await startRedis({ port });
  await untilWorks(() => redis.check());
  expect(await redis.run(ECHO, ['key'], ['value'])).toEqual([Buffer.from('key'), Buffer.from('value')]);
  expect(lines).toEqual(['a connection to Redis failed', 'a connection to Redis is back']);
  // What was refused was not subscribed later after all.
  expect(await redis.commands.spublish(CHANNEL, 'a')).toBe(0);
  await redis.close();
  await server.stop();
});

it('a password is asked for and given', async () => {
  const server = await startRedis({ password: 'right' });
  const { logger, lines } = recorded();
  const wrong = openRedis({ host: server.host, port: server.port, password: 'wrong' }, { commandTimeout, logger });
  const right = openRedis({ host: server.host, port: server.port, password: 'right' }, { commandTimeout });
  await untilWorks(() => right.check());
  await right.channels.subscribe(CHANNEL, () => {});
  await vi.waitFor(() => expect(lines).toEqual(['a connection to Redis failed']));
  await expect(wrong.check()).rejects.toThrow('Redis cannot be reached');
  await wrong.close();
  await right.close();
  await server.stop();
});

it('a server that refuses a subscription is named as the reason, and works again when it does not refuse', async () => {
  const server = await startRedis();
  const admin = new Redis(server.port, server.host);
  const { logger, lines } = recorded();
  const redis = openRedis(server, { commandTimeout, logger });
  await untilWorks(() => redis.check());
  await admin.acl('SETUSER', 'default', 'resetchannels');
  await expect(redis.channels.subscribe(CHANNEL, () => {})).rejects.toThrow('did not confirm');
  expect(lines).toEqual(['Redis refuses a subscription']);
  await admin.acl('SETUSER', 'default', 'allchannels');
  await untilWorks(() => redis.channels.subscribe(CHANNEL, () => {}));
  admin.disconnect();
  await redis.close();
  await server.stop();
});

it('R8: a server that takes connections and says nothing holds nobody for long, and works when it speaks', async () => {
  const server = await startRedis();
  const proxy = await startTcpProxy(server);
  proxy.stall();
  const redis = openRedis(proxy, { commandTimeout });
  await expect(redis.check()).rejects.toThrow('Redis cannot be reached');
  await vi.waitFor(() => expect(proxy.connections).toBeGreaterThan(1), { timeout: 10 * commandTimeout });
  proxy.flow();
  await untilWorks(() => redis.check());

  // Silent again, with a connection that was idle: nobody has to ask for it to be found out.
  const { stream } = redis.commands as Redis;
  proxy.stall();
  await vi.waitFor(() => expect(stream.destroyed).toBe(true), { timeout: 10 * commandTimeout });
  proxy.flow();
  await untilWorks(() => redis.check());
  await redis.close();
  await proxy.stop();
  await server.stop();
});

it('closed, it refuses everything and leaves no connection behind, also while the server is away', async () => {
  const server = await startRedis();
  const redis = openRedis(server, { commandTimeout, name: 'closing' });
  await untilWorks(() => redis.check());
  await redis.channels.subscribe(CHANNEL, () => {});
  const subscribing = redis.channels.subscribe(`${CHANNEL}:2`, () => {}).catch(String);
  await redis.close();
  await redis.close();
  expect(await subscribing).toContain('closed');
  await expect(redis.check()).rejects.toThrow('Redis cannot be reached');
  await expect(redis.run(ECHO, ['key'], ['value'])).rejects.toThrow('Redis cannot be reached');
  await expect(redis.channels.subscribe(CHANNEL, () => {})).rejects.toThrow('closed');
  const admin = new Redis(server.port, server.host);
  await vi.waitFor(async () => expect(await admin.client('LIST')).not.toContain('closing'));

  const cutOff = openRedis(server, { commandTimeout, name: 'closing' });
  await untilWorks(() => cutOff.check());
  await server.kill();
  await vi.waitFor(() => expect(cutOff.check()).rejects.toThrow('Redis cannot be reached'));
  await cutOff.close();
  await server.start();
  await untilWorks(() => admin.ping());
  expect(await admin.client('LIST')).not.toContain('closing');
  admin.disconnect();
  await server.stop();
});
