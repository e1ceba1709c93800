import { expect, it } from 'vitest';
import { createGroupCommit } from './group-commit.ts';

it('what is added in one tick, or during a write, is written together and in order', async () => {
  const groups: string[][] = [];
  const writing: (() => void)[] = [];
  const commits = createGroupCommit<string, string>(async (items) => {
    groups.push([...items]);
    await new Promise<void>((resolve) => writing.push(resolve));
    return items.map((item) => `${item}!`);
  });
  const first = ['a', 'b', 'c'].map((item) => commits.add(item));
  await Promise.resolve();
  const second = [commits.add('d'), commits.add('e')];
  expect(groups).toEqual([['a', 'b', 'c']]);
  writing[0]?.();
  expect(await Promise.all(first)).toEqual(['a!', 'b!', 'c!']);
  await Promise.resolve();
  expect(groups).toEqual([
    ['a', 'b', 'c'],
    ['d', 'e'],
  ]);
  writing[1]?.();
  expect(await Promise.all(second)).toEqual(['d!', 'e!']);
});

it('a group that fails rejects for each of its items and for no other', async () => {
  const commits = createGroupCommit<string, string>(async (items) => {
    if (items.includes('bad')) throw new Error('the disk is full');
    return items;
  });
  const failing = await Promise.allSettled([commits.add('good'), commits.add('bad')]);
  expect(failing.map((result) => result.status)).toEqual(['rejected', 'rejected']);
  expect(await commits.add('next')).toBe('next');
});

it('what runs alone runs in its turn, with no write beside it', async () => {
  const order: string[] = [];
  const commits = createGroupCommit<string, string>(async (items) => {
    order.push(`begin ${items.join()}`);
    await Promise.resolve();
    order.push(`end ${items.join()}`);
    return items;
  });
  await Promise.all([
    commits.add('a'),
    commits.alone(async () => {
      order.push('alone');
      await Promise.resolve();
      order.push('alone no more');
    }),
    // Joins the group that is still waiting for its turn.
    commits.add('b'),
  ]);
  expect(order).toEqual(['begin a,b', 'end a,b', 'alone', 'alone no more']);
  await expect(commits.alone(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await commits.add('c')).toBe('c');
});
