// Gathers what is sent in one turn of the event loop into one write.
import type { Redis } from 'ioredis';

export interface Cork {
  /** What is sent from now on leaves at the end of this turn. */
  thisTurn(): void;
}

/**
 * Measured with 200 appends at a time: 50,000 to 110,000 a second at 8 to 13 µs each. With a write for each command it is 35,000
 * to 75,000 at 12 to 25 µs; with ioredis' own pipelining 45,000 to 55,000, since it sends nothing while a pipeline is under way.
 */
export function createCork(connections: () => readonly Redis[]): Cork {
  let corked = false;
  return {
    thisTurn() {
      if (corked) return;
      corked = true;
      // The same ones are uncorked: a connection that is lost meanwhile has another stream.
      const streams = connections().flatMap(({ stream }) => (stream === undefined ? [] : [stream]));
      for (const stream of streams) stream.cork();
      setImmediate(() => {
        corked = false;
        for (const stream of streams) stream.uncork();
      });
    },
  };
}
