// Port: leases, so that one task does what one task is enough for. They save work; nothing may be lost when two hold the same one (R4).

export interface Leases {
  /** undefined: someone else holds it. Ends by itself `ttl` milliseconds after it was taken or last renewed. */
  take(name: string, ttl: number): Promise<Lease | undefined>;
  close(): Promise<void>;
}

export interface Lease {
  /** Holds it for another `ttl`; false when it had ended, and is perhaps someone else's now. */
  renew(): Promise<boolean>;
  /** Lets go of it if it is still ours. */
  release(): Promise<void>;
}
