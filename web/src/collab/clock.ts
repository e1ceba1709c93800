// Port: time, as the servers have it. Everything here that waits is handed one, so that tests advance it by hand.

export type Cancel = () => void;

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls once after `milliseconds`. Cancelling twice, or too late, is harmless. */
  after(milliseconds: number, call: () => void): Cancel;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};
