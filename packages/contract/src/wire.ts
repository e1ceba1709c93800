// Every message number on the socket, both directions. One message per frame; the first varUint is the number.

/** The numbers of y-protocols. A frame with an unknown number is ignored. */
export const MESSAGE = {
  /** varUint subtype (SYNC), then varUint8Array. */
  sync: 0,
  /** varUint8Array holding an awareness update: varUint count, then per client varUint id, varUint clock, varString JSON. */
  awareness: 1,
  /** varUint 0, varString reason: permission denied. Server to client. */
  auth: 2,
  /** No body. The server answers with everyone's awareness. */
  queryAwareness: 3,

  // Ours, sent only to clients that asked with `?codesync=1` (R9).
  /** varUint n: the first n document updates that this connection sent are in the log (R1). */
  logged: 110,
  /** varUint n: the first n document updates that this connection sent are in a committed snapshot (R1). */
  durable: 111,
  /** varString role: what this person may do from now on; also the first message on a connection. */
  role: 112,
  /** varString generation: the document's history; a client holding another one must not blend (R23). Sent before step 1. */
  generation: 113,
  /** No body. Client asks, server answers with the same at once: finds a dead link within seconds. */
  ping: 114,
} as const;

export const SYNC = { step1: 0, step2: 1, update: 2 } as const;

/** The query parameter, with value 1, by which a client asks for messages from 110. */
export const CODESYNC_PARAMETER = 'codesync';

/** Name of the Y.Text that holds a document's text. */
export const TEXT_NAME = 'content';
