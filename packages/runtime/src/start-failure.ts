// A reason not to start that the person who starts can do something about: told in one line, without a stack.

export class StartFailure extends Error {
  constructor(line: string, options: { cause?: unknown } = {}) {
    super(line, options);
    this.name = 'StartFailure';
  }
}

/** The errno of a failed system call ('EACCES', …), undefined for anything else. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The error itself, what it was caused by, and so on to the first. */
export function causesOf(error: unknown): unknown[] {
  return error instanceof Error && error.cause !== undefined ? [error, ...causesOf(error.cause)] : [error];
}
