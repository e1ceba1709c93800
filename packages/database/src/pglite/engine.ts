// PGlite with the settings of the house, and with an end when Postgres gives up.
import { PGlite } from '@electric-sql/pglite';
import type { FolderFs } from './folder-fs.ts';

const SETTINGS = [
  // Pages in memory. The default takes 160 MB; a document's rows are a few hundred bytes, so these hold thousands of documents.
  'shared_buffers=16MB',
  'max_wal_size=16MB',
  'min_wal_size=4MB',
].flatMap((setting) => ['-c', setting]);

/** Segments of the write-ahead log of 1 MB: filling a new one with zeros blocks this process, and the default's 16 are a noticeable pause. */
const INITDB = ['--wal-segsize=1'];

const IN_MEMORY = [...PGlite.defaultStartParams, ...SETTINGS];

// -F turns fsync off. The method is named because the default one, fdatasync, does nothing in PGlite.
const ON_DISK = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...SETTINGS,
  '-c',
  'wal_sync_method=fsync',
];

/** How PGlite leaves Postgres after an ordinary error of SQL. */
const ORDINARY_ERROR = 100;

/** Postgres gave up, as it does when its log cannot be written: a full disk, a broken one. Nothing that was acknowledged is lost. */
export class DatabaseStopped extends Error {
  constructor(reason: string, cause: unknown) {
    super(`the database has stopped: ${reason}`, { cause });
    this.name = 'DatabaseStopped';
  }
}

class Engine extends PGlite {
  #stopped: DatabaseStopped | undefined;

  /**
   * A server that gives up exits. This one is still called, and the next query never comes back: it would stop the whole
   * process. Hence the end of it is noticed here, and every query after it is refused.
   */
  watch(lastError: () => string | undefined): void {
    const module = this.Module;
    const once = module._PostgresMainLoopOnce;
    module._PostgresMainLoopOnce = () => {
      try {
        once();
      } catch (error) {
        if (!isOrdinary(error)) this.#stopped ??= new DatabaseStopped(lastError() ?? String(error), error);
        throw error;
      }
    };
  }

  override execProtocolRawSync(message: Uint8Array): Uint8Array {
    this.#assertRunning();
    const answer = super.execProtocolRawSync(message);
    this.#assertRunning();
    return answer;
  }

  #assertRunning(): void {
    if (this.#stopped !== undefined) throw this.#stopped;
  }
}

function isOrdinary(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === ORDINARY_ERROR;
}

/** Without files it runs in memory. */
export async function startEngine(files: FolderFs | undefined): Promise<PGlite> {
  let lastError: string | undefined;
  const engine = new Engine({
    ...(files === undefined ? {} : { fs: files }),
    startParams: files === undefined ? IN_MEMORY : ON_DISK,
    initDbStartParams: INITDB,
    onStderr(line) {
      if (/FATAL|PANIC/.test(line)) lastError = line;
      return false;
    },
  });
  try {
    await engine.waitReady;
  } catch (cause) {
    throw new Error(`the database did not start: ${lastError ?? String(cause)}`, { cause });
  }
  engine.watch(() => lastError);
  return engine;
}
