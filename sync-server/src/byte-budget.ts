// A bound on bytes that wait somewhere, within a wider bound that several places share (R16).

export interface ByteBudget {
  readonly used: number;
  /** False, and nothing is taken, when that would go beyond the limit. */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

export function createByteBudget(limit: number, shared?: ByteBudget): ByteBudget {
  let used = 0;
  return {
    get used() {
      return used;
    },
    take(bytes) {
      if (used + bytes > limit) return false;
      if (shared !== undefined && !shared.take(bytes)) return false;
      used += bytes;
      return true;
    },
    give(bytes) {
      used -= bytes;
      shared?.give(bytes);
    },
  };
}
