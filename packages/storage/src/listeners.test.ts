import { expect, it } from 'vitest';
import { createListeners } from './listeners.ts';
import { silentLogger } from './logger.ts';

it('a listener that throws is reported, and the others hear all the same', () => {
  const reported: unknown[] = [];
  const listeners = createListeners<string>({ ...silentLogger, error: (fields) => reported.push(fields['error']) });
  const failure = new Error('a listener that throws');
  const heard: string[] = [];
  listeners.add(() => {
    throw failure;
  });
  listeners.add((value) => heard.push(value));
  listeners.deliver('news');
  expect(heard).toEqual(['news']);
  expect(reported).toEqual([failure]);
});

it('who is removed during a delivery does not hear of it any more, and who is added hears of the next', () => {
  const listeners = createListeners<string>(silentLogger);
  const heard: string[] = [];
  listeners.add((value) => {
    removeSecond();
    if (value === 'first') listeners.add((next) => heard.push(`late ${next}`));
  });
  const removeSecond = listeners.add((value) => heard.push(`removed ${value}`));
  listeners.deliver('first');
  expect(heard).toEqual([]);
  listeners.deliver('second');
  expect(heard).toEqual(['late second']);
  expect(listeners.size).toBe(2);
});
