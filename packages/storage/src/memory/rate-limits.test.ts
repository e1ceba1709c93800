import { expect, it } from 'vitest';
import { createMemoryRateLimits } from './rate-limits.ts';

it('R16: at the bound the window that began first is forgotten, and no other', async () => {
  const limits = createMemoryRateLimits({ maxKeys: 3 });
  const limit = { points: 2, window: 60_000 };
  for (const key of ['a', 'b', 'c', 'a', 'd']) await limits.take(key, limit);
  expect(await limits.take('b', limit)).toEqual({ allowed: true, left: 0 });
  expect(await limits.take('a', limit)).toEqual({ allowed: true, left: 1 });
});
