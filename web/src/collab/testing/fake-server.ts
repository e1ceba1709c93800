// A document's server as far as one client sees it: its Y.Doc, and the messages that the test lets it send.
import { MESSAGE, TEXT_NAME } from '@codesync/contract';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { decodeMessage, encodeSyncStep1, encodeSyncStep2, encodeUpdate, type Incoming } from '../protocol.ts';
import type { FakeConnection } from './fake-network.ts';

export interface FakeServer {
  readonly doc: Y.Doc;
  text(): string;
  /** Accepts the connection: role, generation, own step 1, step 2, as the contract orders them. */
  join(connection: FakeConnection, options?: { role?: string; generation?: string }): void;
  /** Takes what the client has sent since the last call; returns the document messages among it. */
  take(connection: FakeConnection): Incoming[];
  tell(connection: FakeConnection, number: number, body: number | string): void;
  /** Somebody else's edit. */
  insert(connection: FakeConnection, index: number, text: string): void;
}

export function createFakeServer(): FakeServer {
  const doc = new Y.Doc();
  const text = doc.getText(TEXT_NAME);

  function tell(connection: FakeConnection, number: number, body: number | string): void {
    connection.events.received(
      encoding.encode((encoder) => {
        encoding.writeVarUint(encoder, number);
        if (typeof body === 'number') encoding.writeVarUint(encoder, body);
        else encoding.writeVarString(encoder, body);
      }),
    );
  }

  function take(connection: FakeConnection): Incoming[] {
    const messages = connection.sent.splice(0).map(decodeMessage);
    for (const message of messages) {
      if (message.kind === 'sync-step-2' || message.kind === 'update') Y.applyUpdate(doc, message.update);
    }
    return messages.filter(({ kind }) => kind === 'sync-step-2' || kind === 'update');
  }

  return {
    doc,
    text: () => text.toString(),
    join(connection, { role = 'editor', generation = 'first' } = {}) {
      connection.events.opened();
      tell(connection, MESSAGE.role, role);
      tell(connection, MESSAGE.generation, generation);
      connection.events.received(encodeSyncStep1(Y.encodeStateVector(doc)));
      connection.events.received(encodeSyncStep2(Y.encodeStateAsUpdate(doc)));
    },
    take,
    tell,
    insert(connection, index, inserted) {
      doc.once('update', (update: Uint8Array) => connection.events.received(encodeUpdate(update)));
      text.insert(index, inserted);
    },
  };
}
