import { expect, it } from 'vitest';
import { createAcks } from './acks.ts';

const at = (sequence: number) => ({ sequence });

function start(saved = -1) {
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
  acks.saved(1);
  expect(told).toEqual(['logged 1', 'logged 3', 'durable 1']);
  acks.saved(5);
  expect(told.at(-1)).toBe('durable 3');
});

it('what was saved already is durable at once', () => {
  const { acks, told } = start(7);
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

it('R1: what is not in the chain yet is not durable, and nothing after it, until it is', () => {
  const { acks, told } = start();
  const position = { sequence: Number.POSITIVE_INFINITY };
  acks.logged(1, at(1));
  acks.logged(2, position);
  acks.logged(3, at(4));
  acks.saved(9);
  expect(told.slice(3)).toEqual(['durable 1']);
  position.sequence = 10;
  acks.saved(9);
  expect(told).toHaveLength(4);
  acks.saved(10);
  expect(told.at(-1)).toBe('durable 3');
});

it('R7: what the log may have lost is durable where it was added again, and not where it was before', () => {
  const { acks, told } = start();
  acks.logged(1, at(1));
  acks.logged(2, at(2));
  acks.moved(at(5));
  acks.logged(3, at(4));
  acks.saved(4);
  expect(told.filter((said) => said.startsWith('durable'))).toEqual([]);
  acks.saved(5);
  expect(told.at(-1)).toBe('durable 3');
});

it('R16: while nothing is saved the list of what waits stays short, and durable is never told too early', () => {
  const { acks, told } = start();
  for (let n = 1; n <= 5_000; n++) acks.logged(n, at(n));
  told.length = 0;
  acks.saved(4_000);
  expect(told).toEqual(['durable 999']);
  acks.saved(5_000);
  expect(told).toEqual(['durable 999', 'durable 5000']);
});

it('R16: at its bound it does not take what is not in the chain for what comes after it', () => {
  const { acks, told } = start();
  const position = { sequence: Number.POSITIVE_INFINITY };
  for (let n = 1; n < 1_000; n++) acks.logged(n, at(n));
  acks.logged(1_000, position);
  for (let n = 1_001; n <= 3_000; n++) acks.logged(n, at(n));
  told.length = 0;
  acks.saved(3_000);
  expect(told).toEqual(['durable 999']);
  position.sequence = 3_001;
  acks.saved(3_001);
  expect(told.at(-1)).toBe('durable 3000');
});
