// Someone with a document of their own: answers as a client does, and remembers what they were told of each update that they sent.
import { SYNC, TEXT_NAME } from '@codesync/contract';
import * as Y from 'yjs';
import type { Connection } from '../connection.ts';
import { createFakeSocket, hear, type FakeSocket } from './fake-socket.ts';
import { syncFrame } from './typist.ts';

/** Where one comes in. */
export interface Entrance {
  accept(socket: FakeSocket): Promise<Connection>;
}

export interface Person {
  readonly text: Y.Text;
  readonly doc: Y.Doc;
  readonly isHere: boolean;
  /** Where they were last. */
  readonly task: Entrance | undefined;
  /** Rejects when the document cannot be opened. */
  open(task: Entrance): Promise<void>;
  /** The tab is closed, or the link is dead. */
  leave(): void;
  type(text: string): void;
  /** All that it has, whether or not anyone asked. */
  sendAll(): void;
  /** Updates of which it was told so, on any connection, in no special order. */
  readonly logged: ReadonlySet<Uint8Array>;
  readonly durable: ReadonlySet<Uint8Array>;
  /** Of this connection. */
  readonly sent: readonly Uint8Array[];
  /** Step 1s, and updates besides the answer to its own, that came on this connection. */
  readonly asked: number;
  readonly received: number;
}

export function createPerson(clientId?: number): Person {
  const doc = new Y.Doc();
  if (clientId !== undefined) doc.clientID = clientId;
  const text = doc.getText(TEXT_NAME);
  const logged = new Set<Uint8Array>();
  const durable = new Set<Uint8Array>();
  let connection: Connection | undefined;
  /** Tells connections apart: what the last one still says is not heard. */
  let current = 0;
  let sent: Uint8Array[] = [];
  let asked = 0;
  let received = 0;
  let at: Entrance | undefined;

  function send(subtype: number, update: Uint8Array): void {
    if (connection === undefined) return;
    sent.push(update);
    connection.receive(syncFrame(subtype, update), true);
  }

  function listen(frame: Uint8Array): void {
    const heard = hear(frame);
    if (heard.kind === 'step-1') {
      asked += 1;
      send(SYNC.step2, Y.encodeStateAsUpdate(doc, heard.bytes));
    } else if (heard.kind === 'step-2' || heard.kind === 'update') {
      if (heard.kind === 'update') received += 1;
      Y.applyUpdate(doc, heard.bytes, 'remote');
    } else if (heard.kind === 'logged' || heard.kind === 'durable') {
      for (const update of sent.slice(0, heard.count)) (heard.kind === 'logged' ? logged : durable).add(update);
    }
  }

  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== 'remote') send(SYNC.update, update);
  });

  return {
    doc,
    text,
    logged,
    durable,
    get sent() {
      return sent;
    },
    get asked() {
      return asked;
    },
    get received() {
      return received;
    },
    get isHere() {
      return connection !== undefined;
    },
    get task() {
      return at;
    },
    async open(task) {
      const mine = ++current;
      at = task;
      sent = [];
      asked = 0;
      received = 0;
      const socket = createFakeSocket();
      const early: Uint8Array[] = [];
      // Later, as from a network: what a frame is answered with must not be part of what sent it.
      const deliver = (frame: Uint8Array): void => queueMicrotask(() => mine === current && listen(frame));
      socket.send = (frame) => void early.push(frame);
      socket.close = () => {
        if (mine === current) connection = undefined;
      };
      const opened = await task.accept(socket);
      if (mine !== current) return opened.ended();
      connection = opened;
      socket.send = deliver;
      for (const frame of early) deliver(frame);
      connection.receive(syncFrame(SYNC.step1, Y.encodeStateVector(doc)), true);
    },
    leave() {
      current += 1;
      connection?.ended();
      connection = undefined;
    },
    sendAll: () => send(SYNC.step2, Y.encodeStateAsUpdate(doc)),
    type: (typed) => text.insert(text.length, typed),
  };
}
