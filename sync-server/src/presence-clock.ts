// The awareness clocks that the server tells its sockets: made of the time, so that they only grow wherever a person reconnects.

// Stock clients begin at 0 and add 1 at a time, and say the same clock again when they come back: those who saw them before would
// not believe it. A multiple of 1024 is the server's own, so a stock client that echoes other people's states back is known by
// the clock alone, without reading the state (R10); one that took over such a clock for itself is not, since it adds 1.
const STEP = 1024;

/** No client counts this far by itself; milliseconds since the epoch times STEP are beyond it, and below 2^53. */
const FLOOR = 2 ** 50;

/** A clock for telling a state at `now` to someone who may have been told `last` before. */
export function tellingClock(now: number, last: number): number {
  return Math.max(now * STEP, (Math.floor(last / STEP) + 1) * STEP);
}

/** Whether a server gave this clock out: who sends it repeats what was heard. */
export function isToldClock(clock: number): boolean {
  return clock >= FLOOR && clock % STEP === 0;
}
