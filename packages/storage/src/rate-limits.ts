// Port: how often something may be done within a window of time, counted over all tasks.

export interface RateLimit {
  readonly points: number;
  /** Milliseconds, from the first point on. */
  readonly window: number;
}

export type RateVerdict =
  | { readonly allowed: true; readonly left: number }
  /** Milliseconds until it may be tried again. */
  | { readonly allowed: false; readonly retryAfter: number };

export interface RateLimits {
  /** Takes one point of `key`, by default, and says whether there was one left. A key always comes with the same limit. */
  take(key: string, limit: RateLimit, points?: number): Promise<RateVerdict>;
  /** Gives all points of a key back. */
  reset(key: string, limit: RateLimit): Promise<void>;
  close(): Promise<void>;
}
