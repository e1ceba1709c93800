// What the tests use of npm's y-redis 1.0.3: its own types are not where its package says they are.
declare module 'y-redis' {
  import type { EventEmitter } from 'node:events';
  import type { Doc } from 'yjs';

  export class RedisPersistence {
    constructor(options: { readonly redisOpts: Readonly<Record<string, unknown>> });
    readonly redis: EventEmitter & { ping(): Promise<string> };
    readonly sub: EventEmitter;
    bindState(name: string, doc: Doc): { readonly synced: Promise<unknown> };
    closeDoc(name: string): Promise<unknown> | undefined;
    destroy(): Promise<unknown>;
  }
}
