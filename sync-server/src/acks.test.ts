import { parseCursor, START } from '@codesync/storage';
import { expect, it } from 'vitest';
import { createAcks } from './acks.ts';

const at = (minor: number) => parseCursor(`1-${minor}`);

function start(saved = START) {
  const told: string[] = [];
  const acks = createAcks(saved, {
    logged: (count) => told.push(`logged ${count}`),
    durable: (count) => told.push(`durable ${count}`),
  });
  return { acks, told };
}

it('R1: durable is told for what a committed snapshot holds, and no further', () => {
  const { acks, told } = start();
  expect([acks.count(), acks.count(), acks.count()]).toEqual([1, 2, 3]);
  acks.logged(1, at(1));
  acks.logged(3, at(2));
  acks.saved(at(1));
  expect(told).toEqual(['logged 1', 'logged 3', 'durable 1']);
  acks.saved(at(5));
  expect(told.at(-1)).toBe('durable 3');
});

it('what was saved already is durable at once', () => {
  const { acks, told } = start(at(7));
  acks.count();
  acks.logged(1, at(6));
  expect(told).toEqual(['logged 1', 'durable 1']);
});

it('R13: after a refused update nothing is acked until what was refused has come', () => {
  const { acks, told } = start();
  acks.count();
  acks.withhold();
  acks.count();
  acks.logged(2, at(1));
  expect(told).toEqual([]);
  acks.count();
  acks.resume(3);
  acks.logged(3, at(2));
  expect(told).toEqual(['logged 3']);
});

it('R16: while nothing is saved the list of what waits stays short, and durable is never told too early', () => {
  const { acks, told } = start();
  for (let n = 1; n <= 5_000; n++) acks.logged(n, at(n));
  told.length = 0;
  acks.saved(at(4_000));
  expect(told).toEqual(['durable 999']);
  acks.saved(at(5_000));
  expect(told).toEqual(['durable 999', 'durable 5000']);
});
