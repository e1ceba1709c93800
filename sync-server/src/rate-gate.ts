// What one connection may send: two token buckets, messages and bytes. Pure: time is handed in.

export interface Rate {
  readonly messagesPerSecond: number;
  readonly burstMessages: number;
  readonly bytesPerSecond: number;
  readonly burstBytes: number;
  /** Milliseconds that a connection may stay above its rate. */
  readonly patience: number;
}

type Verdict =
  | { readonly kind: 'pass' }
  /** The frame counts, but nothing more is to be read before `until` (milliseconds since the epoch). */
  | { readonly kind: 'slow-down'; readonly until: number }
  | { readonly kind: 'exceeded' };

export interface RateGate {
  take(bytes: number, now: number): Verdict;
}

const PASS: Verdict = { kind: 'pass' };

export function createRateGate(rate: Rate, now: number): RateGate {
  let messages = rate.burstMessages;
  let bytes = rate.burstBytes;
  let filledAt = now;
  let overSince: number | undefined;

  function refill(at: number): void {
    const seconds = Math.max(0, at - filledAt) / 1000;
    filledAt = at;
    messages = Math.min(rate.burstMessages, messages + seconds * rate.messagesPerSecond);
    bytes = Math.min(rate.burstBytes, bytes + seconds * rate.bytesPerSecond);
  }

  /** A second's worth in hand: slowing down alone never gets there, since reading goes on as soon as nothing is owed. */
  const recovered = (): boolean =>
    messages >= Math.min(rate.messagesPerSecond, rate.burstMessages) &&
    bytes >= Math.min(rate.bytesPerSecond, rate.burstBytes);

  return {
    take(size, at) {
      refill(at);
      if (overSince !== undefined && recovered()) overSince = undefined;
      messages -= 1;
      bytes -= size;
      if (messages >= 0 && bytes >= 0) return PASS;
      overSince ??= at;
      if (at - overSince >= rate.patience) return { kind: 'exceeded' };
      const seconds = Math.max(-messages / rate.messagesPerSecond, -bytes / rate.bytesPerSecond);
      return { kind: 'slow-down', until: at + Math.ceil(seconds * 1000) };
    },
  };
}
