// A listener as a room has one: it takes what follows, and reads the log when there is a gap or it may have missed something.
import type { DocumentId } from '@codesync/contract';
import { readAll, textsOf } from '../../contracts/log-reading.ts';
import { START, type Cursor } from '../../cursor.ts';
import type { UpdateLog } from '../../update-log.ts';

export interface Follower {
  /** Every text that was heard or read, in order. */
  readonly texts: readonly string[];
  /** How often something may have been missed. */
  readonly misses: number;
  /** How often the log did not go on where this follower was (R7). */
  readonly losses: number;
}

/** In ms. */
const RETRY = 20;

export async function follow(log: UpdateLog, document: DocumentId): Promise<Follower> {
  const follower = { texts: [] as string[], misses: 0, losses: 0 };
  let place: Cursor = START;
  let reading: Promise<void> | undefined;
  let again = false;

  async function readOn(): Promise<void> {
    do {
      again = false;
      const { entries, last, more } = await log.read(document, place);
      if ((entries[0]?.previous ?? last) === place) {
        follower.texts.push(...textsOf(entries));
        place = entries.at(-1)?.cursor ?? place;
      } else {
        follower.losses += 1;
        const whole = await readAll(log, document);
        follower.texts = textsOf(whole);
        place = whole.at(-1)?.cursor ?? last;
      }
      again ||= more;
    } while (again);
  }

  function read(): void {
    again = true;
    reading ??= readOn()
      .catch(() => void setTimeout(read, RETRY))
      .finally(() => {
        reading = undefined;
      });
  }

  await log.subscribe(
    document,
    (entry) => {
      if (reading === undefined && entry.previous === place) {
        follower.texts.push(...textsOf([entry]));
        place = entry.cursor;
      } else if (entry.cursor !== place) read();
    },
    () => {
      follower.misses += 1;
      read();
    },
  );
  read();
  return follower;
}
