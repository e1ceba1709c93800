// How long an edit takes to everyone else on a task while one reader stands still and a 10 MB document is joined and typed in there.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startCluster } from '@codesync/cluster';
import { register } from '@codesync/e2e/person';
import { until } from '@codesync/e2e/until';
import type { WebSocket } from 'ws';
import { clocksOf, isUpdateFrame, keystrokeFrames } from './keystroke-frames.ts';
import { percentile, type Measurement } from './measurement.ts';
import { residentMemory } from './process-usage.ts';
import { openSocket } from './raw-socket.ts';

const READERS = 20;
const EDITS = 3_000;
const PACE = 10;
/** Merged, this stays below the limit of 10 MB. */
const LARGE = 9_500_000;

export async function measureSlowReader(): Promise<Measurement[]> {
  const cluster = await startCluster({ syncTasks: 1, apiTasks: 1 });
  try {
    const [sync] = cluster.sync;
    if (sync === undefined) throw new Error('the cluster has no sync server');
    const ana = await register(cluster.url, 'Ana');
    const address = (id: string) => `${sync.url.replace('http', 'ws')}/socket/${id}?token=${ana.token}`;
    const [watched, large] = [
      await ana.createDocument(),
      await ana.createDocument({ content: 'x\n'.repeat(LARGE / 2) }),
    ];

    // Neither is measured the first time: code that has not been compiled yet, and the large document's first snapshot, come once.
    await fanOut(() => address(watched.id));
    const quiet = await fanOut(() => address(watched.id));
    const before = await residentMemory(sync.pid);
    const disturber = spawn(
      process.execPath,
      [fileURLToPath(new URL('./disturber.ts', import.meta.url)), address(watched.id), address(large.id)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      await once(disturber.stdout, 'data');
      await fanOut(() => address(watched.id));
      const disturbed = await fanOut(() => address(watched.id));
      const after = await residentMemory(sync.pid);
      return [
        { name: 'an edit reaches everyone, quiet, p99', value: quiet, unit: 'ms' },
        { name: 'an edit reaches everyone, disturbed, p99', value: disturbed, unit: 'ms' },
        { name: 'disturbed against quiet, p99', value: disturbed / quiet, unit: '×', budget: 2 },
        { name: 'memory that the disturbance takes', value: after - before, unit: 'MB', budget: 300 },
      ];
    } finally {
      disturber.kill('SIGKILL');
    }
  } finally {
    await cluster.close();
  }
}

/** The time from sending to receiving that 99 of 100 deliveries stay below, in milliseconds. */
async function fanOut(address: () => string): Promise<number> {
  const frames = keystrokeFrames(EDITS);
  const [client = 0] = clocksOf(frames[0] ?? new Uint8Array()).keys();
  const sentAt: number[] = [];
  const times: number[] = [];
  const reader = (): Promise<WebSocket> => {
    let reached = 0;
    return openSocket(address(), (data) => {
      if (!isUpdateFrame(data)) return;
      const now = performance.now();
      // Who was behind is told several edits in one frame.
      const to = clocksOf(data).get(client) ?? 0;
      for (; reached < to; reached++) times.push(now - (sentAt[reached] ?? now));
    });
  };
  const readers = await Promise.all(Array.from({ length: READERS }, reader));
  const author = await openSocket(address());
  for (const frame of frames) {
    sentAt.push(performance.now());
    author.send(frame);
    await new Promise((resolve) => setTimeout(resolve, PACE));
  }
  await until(() => {
    if (times.length < READERS * EDITS) throw new Error(`${times.length} of ${READERS * EDITS} delivered`);
  });
  for (const socket of [author, ...readers]) socket.terminate();
  return percentile(times, 0.99);
}
