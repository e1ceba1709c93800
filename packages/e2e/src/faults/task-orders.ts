// Orders to a sync task that runs faulty-sync-main.ts, and waiting for what it answers.
import type { TaskProcess } from '@codesync/cluster';
import type { Answer, Order } from './orders.ts';

/** In milliseconds. A task answers at once, unless it is dead. */
const PATIENCE = 10_000;

type AnswerOf<Kind> = Extract<Answer, { kind: Kind }>;

const isA = <Kind extends Answer['kind']>(answer: Answer, kind: Kind): answer is AnswerOf<Kind> => answer.kind === kind;

export function order(task: TaskProcess, given: Order): void {
  if (task.running) task.send(given);
}

/** Resolves to the task's next answer of this kind, undefined when none came in time. */
export async function answerOf<Kind extends Answer['kind']>(
  task: TaskProcess,
  kind: Kind,
  patience = PATIENCE,
): Promise<AnswerOf<Kind> | undefined> {
  const { promise, resolve } = Promise.withResolvers<AnswerOf<Kind> | undefined>();
  const timer = setTimeout(() => resolve(undefined), patience);
  const end = task.onMessage((message) => {
    const answer = message as Answer;
    if (isA(answer, kind)) resolve(answer);
  });
  const answer = await promise;
  clearTimeout(timer);
  end();
  return answer;
}
