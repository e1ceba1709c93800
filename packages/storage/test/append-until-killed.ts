// A process that appends and trims until it is killed. Says on stdout, one JSON a line, what it was promised: test/kill-level-log.test.ts reads it.
import { DocumentId } from '@codesync/contract';
import { openLevelUpdateLog } from '@codesync/storage/level';
import { argv, stdout } from 'node:process';
import type { Promised } from './promises.ts';

const [, , folder = '', round = '', ...names] = argv;
const documents = names.map((name) => DocumentId.parse(name));
const log = await openLevelUpdateLog(folder);

/** Resolves when it is on the pipe: nothing is asked of the log before what it was promised so far has been said. */
async function say(promised: Promised): Promise<void> {
  await new Promise((said) => stdout.write(`${JSON.stringify(promised)}\n`, said));
}

async function write(document: DocumentId): Promise<void> {
  for (let count = 0; ; count++) {
    const text = `${round}/${count}/`.padEnd(10 + ((count * 7919) % (count % 50 === 0 ? 200_000 : 400)), 'x');
    const { cursor, previous } = await log.append(document, [new TextEncoder().encode(text)]);
    await say({ kind: 'appended', document, cursor, previous, text: text.slice(0, 40), length: text.length });
    if (count % 97 === 96) {
      await say({ kind: 'trimming', document, cursor: previous });
      await log.trim(document, previous);
      await say({ kind: 'trimmed', document, cursor: previous });
    }
  }
}

await Promise.all(documents.map(write));
