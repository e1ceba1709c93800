// A moment as people say it, with the exact one on hover. It ages while it is looked at.
import { type ReactNode, useEffect, useState } from 'react';
import { exactTime, relativeTime } from './time.ts';

/** Milliseconds between two looks at the clock. */
const AGING = 30_000;

export interface RelativeTimeProps {
  /** ISO 8601. */
  readonly at: string;
}

export function RelativeTime({ at }: RelativeTimeProps): ReactNode {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), AGING);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at} title={exactTime(at)}>
      {relativeTime(at, now)}
    </time>
  );
}
