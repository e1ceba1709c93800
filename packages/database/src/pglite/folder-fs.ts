// PGlite's folder on disk, with what its own file system leaves out: fsync. With it a commit survives power loss, not only kill -9.
import type { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { fsyncSync } from 'node:fs';

type Options = Parameters<NodeFS['init']>[1];

/** A file that Postgres has open; `nfd` is its descriptor in Node. */
interface Stream {
  readonly node: { readonly name: string };
  readonly nfd: number;
}

interface StreamOperations {
  write: (stream: Stream, ...rest: unknown[]) => number;
  /** Absent in PGlite: Postgres is told "done", and nothing was done. */
  fsync?: (stream: Stream) => number;
}

/** Files of the write-ahead log are named by 24 hexadecimal digits. */
const SEGMENT = /^[0-9A-F]{24}$/;

const LOCK_FILE = 'postmaster.pid';

/** WASI's errno for an input/output error. */
const EIO = 29;

export interface FolderFsOptions {
  /**
   * Every file is known to be on disk. After a crash Postgres begins with an fsync of each file, one after the other, 3 s for
   * nothing: until the first write they are left out.
   */
  readonly synced: boolean;
  readonly fsync?: (descriptor: number) => void;
}

export class FolderFs extends NodeFS {
  /** Segments of the write-ahead log that were written to since this was opened. */
  segments = 0;

  #segment: string | undefined;
  #mustSync: boolean;
  readonly #fsync: (descriptor: number) => void;

  constructor(folder: string, { synced, fsync = fsyncSync }: FolderFsOptions) {
    super(folder);
    this.#mustSync = !synced;
    this.#fsync = fsync;
  }

  override async init(pglite: PGlite, options: Options): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pglite, options);
    const addFsync = (module: unknown) => {
      const operations = (module as { NODEFS: { stream_ops: StreamOperations } }).NODEFS.stream_ops;
      const { write } = operations;
      operations.write = (...parameters) => {
        // The lock file is written before anything else, and nobody misses it after a power loss.
        if (parameters[0].node.name !== LOCK_FILE) this.#mustSync = true;
        return write(...parameters);
      };
      operations.fsync = (stream) => this.#sync(stream);
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), addFsync] } };
  }

  #sync(stream: Stream): number {
    if (!this.#mustSync) return 0;
    const { name } = stream.node;
    if (SEGMENT.test(name) && name !== this.#segment) {
      this.#segment = name;
      this.segments += 1;
    }
    try {
      this.#fsync(stream.nfd);
      return 0;
    } catch {
      // Thrown, it would unwind Postgres without its knowledge. The errno makes it refuse the commit, and say so.
      return EIO;
    }
  }
}
