// The one error of everything that reads Yjs bytes.

/** The bytes are not a Yjs v1 update (or state vector) that every peer can apply. */
export class MalformedUpdate extends Error {
  constructor(reason: string) {
    super(`malformed update: ${reason}`);
    this.name = 'MalformedUpdate';
  }
}
