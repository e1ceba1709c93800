// Why one list does not become a document. It is reported and skipped; the others go on.

export class Unimportable extends Error {
  constructor(reason: string, options: { cause?: unknown } = {}) {
    super(reason, options);
    this.name = 'Unimportable';
  }
}
