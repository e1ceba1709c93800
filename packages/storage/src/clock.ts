// Port: time. The core is handed one, so that tests advance it by hand and never sleep.

export type Cancel = () => void;

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** The same, in whole milliseconds and counted from when the process began: never goes back, whatever is done to the machine's clock. */
  steady(): number;
  /** Calls once after `milliseconds`. Cancelling twice, or too late, is harmless. */
  after(milliseconds: number, call: () => void): Cancel;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  steady: () => Math.floor(performance.timeOrigin + performance.now()),
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};
