// The embedded database: Postgres compiled to WebAssembly (PGlite), in this process.
import { Kysely, PGliteDialect, sql } from 'kysely';
import type { OpenDatabase } from './open-database.ts';
import { startEngine } from './pglite/engine.ts';
import { FolderFs } from './pglite/folder-fs.ts';
import { prepareFolder } from './pglite/prepare-folder.ts';
import type { Database } from './schema.ts';

/** Segments (of 1 MB) of the write-ahead log between two checkpoints: what is repeated on a start after kill -9, well under a second. */
const SEGMENTS_PER_CHECKPOINT = 8;

/**
 * Opens the database in a folder, made when it is not there; without a folder it lives in memory. What was acknowledged is on
 * disk. Rejects when the folder cannot be used. The caller sees to it that nobody else has it open: PGlite does not notice, and
 * two at once destroy it. There is one connection: inside a transaction only its own handle may be used, the other waits for ever.
 */
export async function openPGlite(folder: string | undefined): Promise<OpenDatabase> {
  const files = folder === undefined ? undefined : new FolderFs(folder, await prepareFolder(folder));
  const engine = await startEngine(files);
  let checkpointed = 0;
  let failure: unknown;

  // A server has a process that does this. Here nobody does, and the log would grow until the next orderly end.
  async function checkpoint(segments: number): Promise<void> {
    checkpointed = segments;
    try {
      await engine.query('checkpoint');
      failure = undefined;
    } catch (error) {
      failure = error;
    }
  }

  const db = new Kysely<Database>({
    dialect: new PGliteDialect({ pglite: engine }),
    log() {
      const segments = files?.segments ?? 0;
      if (segments - checkpointed >= SEGMENTS_PER_CHECKPOINT && !engine.closed) void checkpoint(segments);
    },
  });

  return {
    db,
    async check() {
      if (failure !== undefined) throw failure;
      await sql`select 1`.execute(db);
    },
    async close() {
      await db.destroy();
      // Kysely closes only what it has queried.
      if (!engine.closed) await engine.close();
    },
  };
}
