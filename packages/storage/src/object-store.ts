// Port: immutable bytes under a key; where snapshots lie. Keys are made by snapshot-store.ts and match [A-Za-z0-9/_.-]+.

export interface StoredObject {
  readonly key: string;
  /** Milliseconds since the epoch, by the store's clock, to the second at least. */
  readonly writtenAt: number;
}

export interface ObjectStore {
  /** Resolves when the object survives power loss of this machine. An object is never overwritten: the same key twice rejects. */
  put(key: string, bytes: Uint8Array): Promise<void>;

  /** undefined only when the store says that there is no such object; anything else rejects. */
  get(key: string): Promise<Uint8Array | undefined>;

  /** No error when it is not there. */
  remove(key: string): Promise<void>;

  /** Objects whose keys begin with a prefix, in the order of their keys. */
  list(prefix: string): AsyncIterable<StoredObject>;

  check(): Promise<void>;

  close(): Promise<void>;
}
