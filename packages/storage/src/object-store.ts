// Port: immutable bytes under a key; where snapshots lie. Keys are made by snapshot-store.ts and match [A-Za-z0-9/_.-]+.

export interface ObjectStore {
  /** Resolves when the object survives power loss of this machine. An object is never overwritten: the same key twice rejects. */
  put(key: string, bytes: Uint8Array): Promise<void>;

  /** undefined only when the store says that there is no such object; anything else rejects. */
  get(key: string): Promise<Uint8Array | undefined>;

  /** No error when it is not there. */
  remove(key: string): Promise<void>;

  /** Keys that begin with a prefix, in order. */
  list(prefix: string): AsyncIterable<string>;

  check(): Promise<void>;

  close(): Promise<void>;
}
