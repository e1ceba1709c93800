// Times in words: relative ones for reading, exact ones for checking.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LOCALE = 'en';

/**
 * `just now`, `5 min ago`, `3 h ago`, `yesterday`, `4 days ago`, then the date; the year only when it is another one.
 * A time ahead of `now` (clocks differ between devices) is `just now`. Days are the reader's own, not 24 hours.
 */
export function relativeTime(iso: string, now: number): string {
  const then = new Date(iso);
  const age = now - then.getTime();
  if (Number.isNaN(age)) return '';
  if (age < MINUTE) return 'just now';
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  const days = calendarDays(then, new Date(now));
  if (days === 0) return `${Math.floor(age / HOUR)} h ago`;
  if (days === 1) return 'yesterday';
  if (days < 7) return `${days} days ago`;
  const sameYear = then.getFullYear() === new Date(now).getFullYear();
  return then.toLocaleDateString(LOCALE, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  });
}

/** Date and time to the second, in the reader's zone. */
export function exactTime(iso: string): string {
  const then = new Date(iso);
  return Number.isNaN(then.getTime()) ? '' : then.toLocaleString(LOCALE, { dateStyle: 'full', timeStyle: 'medium' });
}

function calendarDays(from: Date, to: Date): number {
  const midnight = (date: Date): number => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(to) - midnight(from)) / DAY);
}
