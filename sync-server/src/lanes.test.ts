import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createLanes } from './lanes.ts';

it('runs so many jobs at a time, in the order in which they came, and goes on after one that failed', async () => {
  const lanes = createLanes(2);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const results = await Promise.allSettled(
    Array.from({ length: 9 }, (_, index) =>
      lanes.run(async () => {
        order.push(index);
        running += 1;
        most = Math.max(most, running);
        await nextTurn();
        running -= 1;
        if (index === 3) throw new Error('failed');
        return index;
      }),
    ),
  );
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(most).toBe(2);
  expect(results.map(({ status }) => status).filter((status) => status === 'rejected')).toHaveLength(1);
  await expect(lanes.run(async () => 'idle again')).resolves.toBe('idle again');
});
