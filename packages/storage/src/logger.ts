// Port: structured log lines. pino's shape; `fields` first, then what happened in a few words.

type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void;

export interface Logger {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

/** For tests that do not look at the log. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
