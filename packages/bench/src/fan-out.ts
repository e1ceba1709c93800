// What a delivered message costs the server in CPU time, against a bare relay in the same run.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { register } from '@codesync/e2e/person';
import { until } from '@codesync/e2e/until';
import { isUpdateFrame, keystrokeFrames } from './keystroke-frames.ts';
import type { Measurement } from './measurement.ts';
import { cpuTime } from './process-usage.ts';
import { openSocket } from './raw-socket.ts';
import { withServer } from './server.ts';

const READERS = 50;
const UPDATES = 4_000;
/** Updates between two pauses of 10 ms: below the rate that a connection is held to. */
const BURST = 8;

export async function measureFanOut(): Promise<Measurement[]> {
  const bare = await withBareRelay((url, pid) => costPerDelivery(() => url, pid));
  const ours = await withServer(async (start) => {
    const server = await start();
    const ana = await register(server.url, 'Ana');
    const { id } = await ana.createDocument();
    return costPerDelivery(() => `${server.url.replace('http', 'ws')}/socket/${id}?token=${ana.token}`, server.pid);
  });
  return [
    { name: 'a delivered update, bare relay', value: bare, unit: 'µs' },
    { name: 'a delivered update, CodeSync', value: ours, unit: 'µs' },
    { name: 'CodeSync against the bare relay', value: ours / bare, unit: '×' },
  ];
}

/** CPU microseconds that the process spent on each message it delivered. */
async function costPerDelivery(address: () => string, pid: number): Promise<number> {
  let delivered = 0;
  const readers = await Promise.all(
    Array.from({ length: READERS }, () =>
      openSocket(address(), (data) => {
        if (isUpdateFrame(data)) delivered++;
      }),
    ),
  );
  const author = await openSocket(address());
  const frames = keystrokeFrames(UPDATES);
  // Joins are over when nothing is delivered any more.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  delivered = 0;
  const before = await cpuTime(pid);
  for (const [index, frame] of frames.entries()) {
    author.send(frame);
    if (index % BURST === BURST - 1) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await until(() => {
    if (delivered < READERS * UPDATES) throw new Error(`${delivered} of ${READERS * UPDATES} delivered`);
  });
  const spent = (await cpuTime(pid)) - before;
  for (const socket of [author, ...readers]) socket.terminate();
  return (spent * 1000) / (READERS * UPDATES);
}

async function withBareRelay<T>(use: (url: string, pid: number) => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./bare-relay.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const url = await new Promise<string>((resolve) => {
      createInterface(child.stdout).once('line', (line) => resolve(line.replace(/^.*http/, 'ws')));
    });
    if (child.pid === undefined) throw new Error('the relay did not start');
    return await use(url, child.pid);
  } finally {
    child.kill('SIGKILL');
  }
}
