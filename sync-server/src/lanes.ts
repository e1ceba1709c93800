// So many jobs at a time, and the others wait for their turn: what every room may want at once must not meet the stores at once.

export interface Lanes {
  /** Settles as the job does. */
  run<Value>(job: () => Promise<Value>): Promise<Value>;
}

export function createLanes(count: number): Lanes {
  let free = count;
  const waiting: (() => void)[] = [];

  return {
    async run(job) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await job();
      } finally {
        // Handed over, so that nobody who comes now overtakes.
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}
