// Bounds that both sides know (R16-R18). Sizes in bytes, rates per second, times in milliseconds.

/** One frame from a client: a stock client's offline day or a paste of 2 MB goes through. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** Merged state of one document. */
export const MAX_DOCUMENT_BYTES = 10 * 1024 * 1024;

/** One frame to a client: small enough that watchdogs see traffic during a big join (R18). */
export const MAX_OUTGOING_FRAME_BYTES = 1024 * 1024;

/** A connection above these rates for longer than its burst is read more slowly, then closed with 1013. */
export const CONNECTION_RATE = {
  messagesPerSecond: 1_000,
  burstMessages: 5_000,
  bytesPerSecond: 2 * 1024 * 1024,
  burstBytes: 20 * 1024 * 1024,
  /** How long a connection may stay above its rate. */
  patience: 30_000,
} as const;

/** y-websocket hangs up after 30 s without a message: the server speaks at least this often (R9). */
export const SERVER_SILENCE = 20_000;
