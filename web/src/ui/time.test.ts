import { describe, expect, it } from 'vitest';
import { exactTime, relativeTime } from './time.ts';

const now = new Date(2026, 10, 20, 12, 0, 0).getTime();
const at = (...parts: [number, number, number, number?, number?, number?]): string => new Date(...parts).toISOString();

describe('relative time', () => {
  it('is just now for the first minute, and for clocks that run ahead', () => {
    expect(relativeTime(at(2026, 10, 20, 11, 59, 1), now)).toBe('just now');
    expect(relativeTime(at(2026, 10, 20, 12, 3), now)).toBe('just now');
  });

  it('counts whole minutes, then whole hours of the same day', () => {
    expect(relativeTime(at(2026, 10, 20, 11, 59, 0), now)).toBe('1 min ago');
    expect(relativeTime(at(2026, 10, 20, 11, 0, 1), now)).toBe('59 min ago');
    expect(relativeTime(at(2026, 10, 20, 9, 30), now)).toBe('2 h ago');
  });

  it('says yesterday by the calendar, not by 24 hours', () => {
    expect(relativeTime(at(2026, 10, 19, 23, 0), now)).toBe('yesterday');
    expect(relativeTime(at(2026, 10, 19, 1, 0), now)).toBe('yesterday');
    expect(relativeTime(at(2026, 10, 18, 23, 0), now)).toBe('2 days ago');
  });

  it('is a date from a week on, with the year when it is another', () => {
    expect(relativeTime(at(2026, 10, 13), now)).toBe('Nov 13');
    expect(relativeTime(at(2025, 10, 13), now)).toBe('Nov 13, 2025');
  });

  it('is empty for what is not a time', () => {
    expect(relativeTime('soon', now)).toBe('');
    expect(exactTime('soon')).toBe('');
  });
});
