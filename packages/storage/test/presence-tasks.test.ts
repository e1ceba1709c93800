// Presence of tasks that are processes of their own: killed, and frozen.
import { startRedis, type RedisServer } from '@codesync/backends';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, it, onTestFinished } from 'vitest';
import { everyoneSees, PATIENT, presenceWorld } from '../src/redis/testing/presence-world.ts';

const TASK = fileURLToPath(new URL('presence-task.ts', import.meta.url));

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

const world = presenceWorld(() => server);

/** Resolves when its person has been told to everyone. */
async function startProcess(clientId: number, place: string): Promise<ChildProcess> {
  const task = spawn(process.execPath, [TASK, `${server.port}`, world.document, `${clientId}`, place], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void task.kill('SIGKILL'));
  await once(task.stdout, 'data');
  return task;
}

it(
  'R11: the people of a task that is killed are gone within 10 s, and those of the others stay',
  async () => {
    const survivor = await world.startRoom();
    const [killed] = await Promise.all([startProcess(1, 'ann'), startProcess(2, 'ben')]);
    await everyoneSees([survivor], { 1: 'ann', 2: 'ben' });
    killed.kill('SIGKILL');
    await everyoneSees([survivor], { 2: 'ben' });
    await everyoneSees([await world.startRoom()], { 2: 'ben' });
  },
  PATIENT,
);

it(
  'R11: the people of a task that is frozen are gone within 10 s, and seen again by everyone soon after it goes on',
  async () => {
    const early = await world.startRoom();
    const frozen = await startProcess(1, 'ann');
    await early.enter(2, 'ben');
    await everyoneSees([early], { 1: 'ann', 2: 'ben' });
    frozen.kill('SIGSTOP');
    await everyoneSees([early], { 2: 'ben' });
    frozen.kill('SIGCONT');
    await everyoneSees([early, await world.startRoom()], { 1: 'ann', 2: 'ben' });
  },
  PATIENT,
);
