// A process of its own that makes trouble for a sync server until it is killed: a reader that never reads, and joins of a large document that is typed in.
import { argv } from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { keystrokeFrames } from './keystroke-frames.ts';
import { openSocket } from './raw-socket.ts';
import { SYNC, MESSAGE } from '@codesync/contract';

const [, , quietDocument = '', largeDocument = ''] = argv;
/** Between two joins of the large document, and between two keystrokes in it, in milliseconds. */
const JOIN_PACE = 1_000;
const TYPE_PACE = 50;

/** Step 1 of somebody who has nothing: asks for all there is. */
const ASK_FOR_ALL = Uint8Array.of(MESSAGE.sync, SYNC.step1, 1, 0);

async function stall(): Promise<void> {
  const socket = await openSocket(quietDocument);
  socket.pause();
}

async function join(): Promise<void> {
  for (;;) {
    const { promise: whole, resolve } = Promise.withResolvers<void>();
    const socket = await openSocket(largeDocument, (data) => {
      if (data[0] === MESSAGE.sync && data[1] === SYNC.step2) resolve();
    });
    socket.once('close', () => resolve());
    socket.send(ASK_FOR_ALL);
    await whole;
    socket.terminate();
    await setTimeout(JOIN_PACE);
  }
}

async function type(): Promise<void> {
  const author = await openSocket(largeDocument);
  for (;;) {
    for (const frame of keystrokeFrames(1_000)) {
      author.send(frame);
      await setTimeout(TYPE_PACE);
    }
  }
}

await stall();
process.stdout.write('disturbing\n');
await Promise.all([type(), join()]);
