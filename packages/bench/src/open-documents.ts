// What an edit costs a sync server, in CPU time and Redis commands, with few and with many documents open on it.
import { startCluster, type Cluster } from '@codesync/cluster';
import { register, type Person } from '@codesync/e2e/person';
import { until } from '@codesync/e2e/until';
import type { WebSocket } from 'ws';
import { isUpdateFrame, keystrokeFrames } from './keystroke-frames.ts';
import type { Measurement } from './measurement.ts';
import { cpuTime } from './process-usage.ts';
import { openSocket } from './raw-socket.ts';
import { redisCommands } from './redis-commands.ts';

const OPEN = [50, 500, 5_000] as const;
/** Of them so many are typed in, always the same ones. */
const TYPED_IN = 50;
/** Keystrokes an author makes, one in so many milliseconds. */
const EDITS = 200;
const PACE = 50;
/** Sockets opened at a time. */
const AT_ONCE = 25;

interface Usage {
  readonly cpu: number;
  readonly commands: number;
}

export async function measureOpenDocuments(): Promise<Measurement[]> {
  const cluster = await startCluster({ syncTasks: 1, apiTasks: 1 });
  const sockets: WebSocket[] = [];
  try {
    const [sync] = cluster.sync;
    if (sync === undefined) throw new Error('the cluster has no sync server');
    const usage = async (): Promise<Usage> => ({
      cpu: await cpuTime(sync.pid),
      commands: await redisCommands(cluster.backends.redis),
    });
    const ana = await register(cluster.url, 'Ana');
    const documents: string[] = [];
    const costs: Usage[] = [];
    let delivered = 0;
    // The first round warms the process up: code that has not been compiled yet costs more than documents do.
    for (const open of [OPEN[0], ...OPEN]) {
      const added = await createDocuments(ana, open - documents.length);
      documents.push(...added);
      await inGroups(added, async (id) => {
        sockets.push(
          await openSocket(address(cluster, id, ana), (data) => void (delivered += isUpdateFrame(data) ? 1 : 0)),
        );
      });
      // Until what joining left to do is done: snapshots, presence, caches.
      const authors = await Promise.all(
        documents.slice(0, TYPED_IN).map((id) => openSocket(address(cluster, id, ana))),
      );
      await quiet();
      delivered = 0;
      const idle = await spentDuring(usage, quiet);
      const busy = await spentDuring(usage, async () => {
        await Promise.all(authors.map(type));
        await until(() => {
          if (delivered < TYPED_IN * EDITS) throw new Error(`${delivered} of ${TYPED_IN * EDITS} delivered`);
        });
      });
      costs.push({
        cpu: ((busy.cpu - idle.cpu) * 1_000) / (TYPED_IN * EDITS),
        commands: (busy.commands - idle.commands) / (TYPED_IN * EDITS),
      });
      for (const author of authors) author.terminate();
    }
    return report(costs.slice(1));
  } finally {
    for (const socket of sockets) socket.terminate();
    await cluster.close();
  }
}

function report(costs: readonly Usage[]): Measurement[] {
  const [few] = costs;
  const many = costs.at(-1);
  if (few === undefined || many === undefined) throw new Error('nothing was measured');
  return [
    ...costs.flatMap(({ cpu, commands }, index): Measurement[] => [
      { name: `an edit with ${OPEN[index]} documents open, CPU`, value: cpu, unit: 'µs' },
      { name: `an edit with ${OPEN[index]} documents open, Redis commands`, value: commands, unit: '×' },
    ]),
    {
      name: `CPU of an edit, ${OPEN.at(-1)} documents against ${OPEN[0]}`,
      value: many.cpu / few.cpu,
      unit: '×',
      budget: 1.2,
    },
    {
      name: `Redis commands of an edit, ${OPEN.at(-1)} documents against ${OPEN[0]}`,
      value: many.commands / few.commands,
      unit: '×',
      budget: 1.2,
    },
  ];
}

/** As long as the typing takes, so that what goes on anyway can be taken off. */
const quiet = () => new Promise<void>((resolve) => setTimeout(resolve, EDITS * PACE));

async function spentDuring(usage: () => Promise<Usage>, work: () => Promise<void>): Promise<Usage> {
  const before = await usage();
  await work();
  const after = await usage();
  return { cpu: after.cpu - before.cpu, commands: after.commands - before.commands };
}

async function type(author: WebSocket): Promise<void> {
  for (const frame of keystrokeFrames(EDITS)) {
    author.send(frame);
    await new Promise((resolve) => setTimeout(resolve, PACE));
  }
}

function address({ sync: [task] }: Cluster, id: string, { token }: Person): string {
  return `${task?.url.replace('http', 'ws')}/socket/${id}?token=${token}`;
}

async function createDocuments(person: Person, count: number): Promise<string[]> {
  const documents: string[] = [];
  await inGroups(Array.from({ length: count }), async () => {
    documents.push((await person.createDocument()).id);
  });
  return documents;
}

async function inGroups<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += AT_ONCE)
    await Promise.all(items.slice(from, from + AT_ONCE).map(work));
}
