// One round: people edit, faults come, and when all is well again everything that was promised is looked for.
import { DocumentId } from '@codesync/contract';
import { openAuthor, type Author } from './author.ts';
import { hitsTask, type Part } from './fault-kinds.ts';
import { expectConverged, expectDurable, expectPresence, expectTrimmed } from './oracle.ts';
import { faultsOf, losesLog, type FaultPlan, type RoundPlan } from './plan.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectKept, watchPromises } from './watch.ts';
import type { World } from './world.ts';

export interface RoundReport {
  readonly plan: RoundPlan;
  /** As they happened; a strike may have been missed. */
  readonly faults: readonly string[];
  readonly actions: number;
  /** Milliseconds that all of it took. */
  readonly took: number;
}

/** No round takes longer, or it hangs. Milliseconds. */
const DEADLINE = 180_000;

/** Rejects with what does not hold. */
export async function runRound(world: World, plan: RoundPlan): Promise<RoundReport> {
  const begun = performance.now();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), DEADLINE);
  const authors: Author[] = [];
  try {
    const expired = new Promise<never>((_, reject) => {
      late.signal.addEventListener('abort', () => reject(new Error(`the round did not end in ${DEADLINE} ms`)));
    });
    const faults = await Promise.race([play(world, plan, authors), expired]);
    const actions = authors.reduce((sum, author) => sum + author.actions, 0);
    return { plan, faults, actions, took: performance.now() - begun };
  } finally {
    clearTimeout(timer);
    for (const author of authors) author.close();
  }
}

async function play(world: World, plan: RoundPlan, authors: Author[]): Promise<string[]> {
  const documents = await createDocuments(world, plan);
  authors.push(...plan.authors.map((author) => enter(world, documents, author)));
  await Promise.all(authors.map(({ client }) => client.synced()));

  const promises = losesLog(plan) ? (['durable'] as const) : (['durable', 'logged'] as const);
  const stop = new AbortController();
  const everyone = Promise.all([
    ...authors.map((author) => author.work(stop.signal)),
    watchPromises(world, documents, authors, promises, stop.signal),
  ]);
  // A promise that is broken early is told when the faults are over.
  everyone.catch(() => {});
  const [faults] = await Promise.all([inflictAll(world, plan), sleep(plan.work)]);
  stop.abort();
  await everyone;
  await world.heal();

  await Promise.all(
    documents.map(async (document, index) => {
      const its = authors.filter((author) => author.plan.document === index);
      // Before those who come back have brought again what was lost.
      for (const level of promises) await expectKept(world, document, its, level);
      const converged = await expectConverged(world, document, its);
      await Promise.all([expectPresence(its), expectDurable(world, document, converged, its)]);
      for (const level of promises) await expectKept(world, document, its, level);
    }),
  );
  for (const { refusals, plan: author } of authors) {
    if (refusals.length > 0) throw new Error(`${author.client} was sent away for good, with ${refusals.join(', ')}`);
  }
  await expectTrimmed(world);
  return faults;
}

/** Parts fail at the same time, a part's own faults one after the other. */
async function inflictAll(world: World, plan: RoundPlan): Promise<string[]> {
  const begun = performance.now();
  const parts: readonly Part[] = ['tasks', 'redis', 'objects', 'database'];
  const told = await Promise.all(
    parts.map(async (part) => {
      const lines: string[] = [];
      for (const fault of faultsOf(plan, part)) {
        await sleep(Math.max(0, fault.at - (performance.now() - begun)));
        lines.push(await inflict(world, fault));
      }
      return lines;
    }),
  );
  return told.flat();
}

async function inflict(world: World, fault: FaultPlan): Promise<string> {
  const outcome = await world.inflict(fault);
  const name = hitsTask(fault.kind) ? `${fault.kind} ${fault.task}` : fault.kind;
  return outcome === 'missed' ? `${name} (missed)` : name;
}

async function createDocuments({ people }: World, plan: RoundPlan): Promise<DocumentId[]> {
  const [owner, ...others] = people;
  if (owner === undefined) throw new RangeError('there are no people');
  return Promise.all(
    Array.from({ length: plan.documents }, async (_, index) => {
      const { id } = await owner.createDocument({ title: `seed ${plan.seed}, ${index}`, content: 'fn main() {}\n' });
      for (const { email } of others) await owner.share(id, email, 'editor');
      return DocumentId.parse(id);
    }),
  );
}

function enter(world: World, documents: readonly string[], plan: RoundPlan['authors'][number]): Author {
  const document = documents[plan.document];
  const first = world.tasks[plan.task]?.url;
  const person = world.people[plan.seed % world.people.length];
  if (document === undefined || first === undefined || person === undefined)
    throw new RangeError('no place for this author');
  return openAuthor({
    plan,
    document,
    token: person.token,
    session: plan.types === 'anything' ? undefined : world.sessions[plan.types],
    first,
    // As a front does: to one that runs.
    next(random) {
      const running = world.tasks.filter((task) => task.running).map(({ url }) => url);
      return random.pick([...running, world.url]);
    },
  });
}
