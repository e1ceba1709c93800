// An outage that a test begins and ends: while it lasts, everything that a memory adapter is asked rejects.

export interface Outage {
  /** Until `heal`, on every instance: whatever is asked rejects with this reason and changes nothing. */
  fail(reason: Error): void;
  heal(): void;
}

export function createOutage(): { readonly outage: Outage; readonly assertUp: () => void } {
  let failure: Error | undefined;
  return {
    outage: {
      fail(reason) {
        failure = reason;
      },
      heal() {
        failure = undefined;
      },
    },
    assertUp() {
      if (failure !== undefined) throw failure;
    },
  };
}
