// The contract of the update log over one backend, to which two tasks are connected.
import { updateLogContract } from '../../contracts/index.ts';
import type { RedisConfig } from '../open-redis.ts';
import { openTask } from './open-task.ts';

export function redisUpdateLogContract(name: string, config: () => RedisConfig): void {
  updateLogContract(name, async () => {
    let task = await openTask(config());
    const other = await openTask(config());
    return {
      log: task.log,
      other: other.log,
      async reopen() {
        await task.close();
        task = await openTask(config());
        return task.log;
      },
      async close() {
        await task.close();
        await other.close();
      },
    };
  });
}
