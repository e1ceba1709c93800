// Waits at a start for backends that do not answer yet: tasks and backends often start together. What waiting can't mend is told at once.
import type { Cancel, Clock, Logger } from '@codesync/storage';
import { causesOf, errnoOf, StartFailure } from './start-failure.ts';

export interface Backend {
  /** With its address: `Postgres at db.example.com:5432` */
  readonly name: string;
  /** The variables that say where it is, to end a sentence with. */
  readonly variables: string;
  check(): Promise<void>;
  /** The sentence for a failure that only another configuration mends. */
  refusal(error: unknown): string | undefined;
}

/** Milliseconds for all of them together. */
const PATIENCE = 30_000;

/** Milliseconds for one answer: longer than a connection takes to be given up by itself. */
const ANSWER = 6_000;

/** Milliseconds between two tries. */
const PAUSE = 250;

interface Waiting {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends it: rejects with the signal's reason. */
  readonly told?: AbortSignal | undefined;
}

/** Throws StartFailure with the name of the first that refuses, or that still does not answer after half a minute. */
export async function untilAnswers(backends: readonly Backend[], waiting: Waiting): Promise<void> {
  const deadline = waiting.clock.now() + PATIENCE;
  for (const backend of backends) await untilOne(backend, deadline, waiting);
}

async function untilOne(backend: Backend, deadline: number, { clock, logger, told }: Waiting): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    told?.throwIfAborted();
    try {
      await within(clock, ANSWER, backend.check());
      return;
    } catch (cause) {
      const refusal = backend.refusal(cause);
      if (refusal !== undefined) throw new StartFailure(refusal, { cause });
      if (clock.now() >= deadline) {
        throw new StartFailure(`${backend.name} does not answer (${reasonOf(cause)}); ${backend.variables}.`, {
          cause,
        });
      }
      if (attempt === 1) logger.info({ backend: backend.name, reason: reasonOf(cause) }, 'waiting for a backend');
    }
    await new Promise<void>((resolve) => clock.after(PAUSE, resolve));
  }
}

/** In a few words: the errno if there is one, otherwise what the first cause says in its first line. */
function reasonOf(error: unknown): string {
  const causes = causesOf(error);
  const errno = causes.map(errnoOf).find((code) => code?.startsWith('E') === true);
  const first = causes.at(-1);
  return errno ?? String(first instanceof Error ? first.message : first).split('\n', 1)[0] ?? '';
}

/** Rejects when it takes longer. What was asked goes on; nobody waits for it any more. */
async function within(clock: Clock, milliseconds: number, answer: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const cancel: Cancel = clock.after(milliseconds, () => reject(new Error('no answer')));
  try {
    await Promise.race([answer, promise]);
  } finally {
    cancel();
  }
}
