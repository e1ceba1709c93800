// What went wrong, in a sentence: what ioredis and Redis say is for people who know how they are configured.

const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/enableOfflineQueue|^Connection is closed|max retries per request/, 'Redis cannot be reached'],
  [/^Command timed out/, 'Redis did not answer in time'],
  [/^READONLY/, 'Redis takes no changes: the server that was the primary is a replica now'],
  [/^OOM/, 'Redis takes no changes: it is out of memory'],
  [/^(?:MISCONF|NOREPLICAS)/, 'Redis takes no changes: it cannot keep them safe at the moment'],
  [/^MOVED/, 'Redis is a cluster, and is used as if it were one server'],
  [/^LOADING/, 'Redis is still reading its data'],
  [/CLUSTERDOWN|MASTERDOWN|Too many Cluster redirections/, 'a part of Redis cannot be reached'],
];

/** The same error for what has no sentence here: a mistake in a command or a script. */
function asFailure(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const sentence = SENTENCES.find(([pattern]) => pattern.test(error.message))?.[1];
  return sentence === undefined ? error : new Error(sentence, { cause: error });
}

/** The same reply, and a rejection as `asFailure` says it. */
export async function plainly<Reply>(reply: Promise<Reply>): Promise<Reply> {
  try {
    return await reply;
  } catch (error) {
    throw asFailure(error);
  }
}
