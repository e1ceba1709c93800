// A sync server on a port of its own over memory parts, the people who use it, and their clients: stock providers and bare sockets.
import {
  newDocumentId,
  newSessionId,
  newUserId,
  TEXT_NAME,
  type DocumentId,
  type Role,
  type TokenClaims,
  type Tokens,
  type UserId,
} from '@codesync/contract';
import { createSnapshotStore, silentLogger, systemClock, type UpdateLog } from '@codesync/storage';
import {
  createMemoryDocumentAccess,
  createMemoryLeases,
  createMemoryNotices,
  createMemoryObjectStore,
  createMemoryPresenceBus,
  createMemorySessionStore,
  createMemorySnapshotCommits,
  createMemoryUpdateLog,
} from '@codesync/storage/memory';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { createSyncServer, type SyncServer, type SyncServerOptions } from '../src/index.ts';
import { hear, type Heard } from '../src/testing/fake-socket.ts';

export interface Person {
  readonly user: { readonly id: UserId; readonly name: string };
  readonly claims: Extract<TokenClaims, { kind: 'session' }>;
  readonly token: string;
}

interface StockClient {
  readonly doc: Y.Doc;
  readonly text: Y.Text;
  readonly provider: WebsocketProvider;
  /** What it knows of others, by their names. */
  others(): Map<string, Record<string, unknown>>;
}

export interface BareClient {
  readonly socket: WebSocket;
  readonly frames: Uint8Array[];
  heard(): Heard[];
  send(frame: Uint8Array | string): void;
  /** The close code, once it is closed. */
  readonly closed: Promise<number>;
}

export interface TestServer {
  readonly sync: SyncServer;
  readonly port: number;
  stock(person: Person, document: DocumentId, params?: Record<string, string>): StockClient;
  bare(person: Person | undefined, document: string, options?: BareOptions): Promise<BareClient>;
}

interface BareOptions {
  readonly params?: Record<string, string>;
  readonly headers?: Record<string, string>;
}

/** What tasks share. */
export function createParts() {
  const claimsOf = new Map<string, TokenClaims>();
  const tokens: Tokens = {
    sign(claims) {
      const token = `token-${claimsOf.size}`;
      claimsOf.set(token, claims);
      return token;
    },
    verify: (token) => claimsOf.get(token),
  };
  const parts = {
    log: createMemoryUpdateLog(),
    presence: createMemoryPresenceBus(),
    notices: createMemoryNotices(),
    leases: createMemoryLeases(),
    snapshots: createSnapshotStore({
      objects: createMemoryObjectStore(),
      commits: createMemorySnapshotCommits(),
      clock: systemClock,
    }),
    sessions: createMemorySessionStore(),
    access: createMemoryDocumentAccess(),
    tokens,
  };
  return {
    ...parts,
    async person(name: string): Promise<Person> {
      const user = { id: newUserId(), name };
      const claims = { kind: 'session', sub: user.id, sid: newSessionId() } as const;
      await parts.sessions.begin(claims.sid, user.id, Date.now() + 3_600_000);
      return { user, claims, token: tokens.sign(claims, 3_600) };
    },
    document(...members: readonly (readonly [Person, Role])[]): DocumentId {
      const document = newDocumentId();
      for (const [person, role] of members) parts.access.grant(document, person.user, role);
      return document;
    },
  };
}

export type Parts = ReturnType<typeof createParts>;

/** Stops with the test. */
export async function startTestServer(
  parts: Parts,
  options: { readonly log?: UpdateLog } & Partial<SyncServerOptions> = {},
): Promise<TestServer> {
  const log = options.log ?? parts.log.connect();
  const presence = parts.presence.connect();
  const notices = parts.notices.connect();
  const leases = parts.leases.connect();
  const sync = createSyncServer(
    { ...parts, log, presence, notices, leases, clock: systemClock, logger: silentLogger },
    { isAllowedOrigin: (origin) => origin === 'https://codesync.test', ...options },
  );
  const http = createServer().on('upgrade', (request, stream, head) => sync.upgrade(request, stream, head));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  const clients: { destroy(): void }[] = [];

  onTestFinished(async () => {
    for (const client of clients) client.destroy();
    await sync.drain({ window: 0 });
    http.close();
    await presence.close();
    await notices.close();
    await leases.close();
  });

  return {
    sync,
    port,
    stock(person, document, params = {}) {
      const doc = new Y.Doc();
      const provider = new WebsocketProvider(`ws://127.0.0.1:${port}/socket`, document, doc, {
        params: { token: person.token, ...params },
        WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
        disableBc: true,
      });
      clients.push({
        destroy() {
          provider.destroy();
          provider.awareness.destroy();
          doc.destroy();
        },
      });
      return {
        doc,
        text: doc.getText(TEXT_NAME),
        provider,
        others() {
          const states = Array.from(provider.awareness.getStates()).filter(([client]) => client !== doc.clientID);
          return new Map(
            states.map(([, state]) => [(state['user'] as { name?: string } | undefined)?.name ?? 'nameless', state]),
          );
        },
      };
    },
    async bare(person, document, { params = {}, headers = {} } = {}) {
      const query = new URLSearchParams({ ...(person === undefined ? {} : { token: person.token }), ...params });
      const socket = new WebSocket(`ws://127.0.0.1:${port}/socket/${document}?${query.toString()}`, { headers });
      const frames: Uint8Array[] = [];
      socket.on('message', (data) => frames.push(data as Buffer));
      socket.on('error', () => socket.terminate());
      const closed = new Promise<number>((resolve) => {
        socket.on('close', resolve);
      });
      clients.push({ destroy: () => socket.terminate() });
      await once(socket, 'open');
      return { socket, frames, heard: () => frames.map(hear), send: (frame) => socket.send(frame), closed };
    },
  };
}
