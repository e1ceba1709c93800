// The list of documents is whole, or it rejects.
import { startRedis, startTcpProxy, type RedisServer, type TcpProxy } from '@codesync/backends';
import { newDocumentId } from '@codesync/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { documentsOf, text } from '../contracts/log-reading.ts';
import { openTask, type Task } from './testing/open-task.ts';
import { untilWorks } from './testing/until-works.ts';

let server: RedisServer;
let proxy: TcpProxy;
let task: Task;
/** More than one step of a scan looks at. */
const documents = Array.from({ length: 3_000 }, () => newDocumentId());

beforeAll(async () => {
  server = await startRedis();
  proxy = await startTcpProxy(server);
  task = await openTask(proxy);
  await Promise.all(documents.map((document) => task.log.append(document, [text('a')])));
});
afterAll(async () => {
  await task.close();
  await proxy.stop();
  await server.stop();
});

it('someone else’s streams, and keys of other kinds, are passed over', async () => {
  const { commands } = task.redis;
  await commands.xadd('codesync:{s001}:log:not-an-id', '*', 'p', '0-0');
  await commands.xadd(`elsewhere:log:${newDocumentId()}`, '*', 'p', '0-0');
  await commands.set(`codesync:{s001}:log:${newDocumentId()}`, 'no stream');
  expect((await documentsOf(task.log)).toSorted()).toEqual(documents.toSorted());
});

it('a list whose connection was lost in the middle rejects: the server that comes next has its keys in another order', async () => {
  const listed: string[] = [];
  const listing = (async () => {
    for await (const document of task.log.documents()) {
      if (listed.push(document) > 1) continue;
      proxy.drop();
      await untilWorks(() => task.redis.check());
    }
  })();
  await expect(listing).rejects.toThrow('lost while documents were listed');
  expect(listed.length).toBeLessThan(documents.length);
});
