// A task with one person in one document, that lives until it is killed. test/presence-tasks.test.ts starts it, and waits until it says something.
import { DocumentId } from '@codesync/contract';
import { createRedisPresenceBus, openRedis } from '@codesync/storage/redis';
import { once } from 'node:events';
import { argv, stdout } from 'node:process';
import { openPresenceRoom } from '../src/redis/testing/presence-room.ts';

const [, , port = '', name = '', clientId = '', place = ''] = argv;
const redis = openRedis({ host: '127.0.0.1', port: Number(port) });
await once(redis.commands, 'ready');
const room = await openPresenceRoom(createRedisPresenceBus(redis), DocumentId.parse(name));
await room.enter(Number(clientId), place);
stdout.write('present\n');
