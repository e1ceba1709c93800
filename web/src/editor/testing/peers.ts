// Editors that share one text over a network that delivers when told to.
import { TEXT_NAME } from '@codesync/contract';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { editor } from '../monaco.ts';
import { MonacoBinding } from '../monaco-binding.ts';
import { createUndo, type Undo } from '../undo.ts';

export interface Peer {
  readonly doc: Y.Doc;
  readonly text: Y.Text;
  readonly awareness: Awareness;
  readonly model: editor.ITextModel;
  readonly editor: editor.IStandaloneCodeEditor;
  readonly binding: MonacoBinding;
  readonly undo: Undo;
  /** Updates from others that have not been delivered. */
  readonly inbox: Uint8Array[];
  /** Delivers the first `count` of them, in order. */
  receive(count?: number): void;
  dispose(): void;
}

const NETWORK = 'network';

export function openPeers(count: number, text = ''): readonly Peer[] {
  const seed = new Y.Doc();
  seed.getText(TEXT_NAME).insert(0, text);
  const start = Y.encodeStateAsUpdate(seed);
  const peers: Peer[] = [];
  for (let index = 0; index < count; index++) peers.push(openPeer(start));
  for (const peer of peers) {
    peer.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === NETWORK) return;
      for (const other of peers) if (other !== peer) other.inbox.push(update);
    });
  }
  return peers;
}

/** Delivers until nothing is under way. */
export function settle(peers: readonly Peer[]): void {
  while (peers.some(({ inbox }) => inbox.length > 0)) for (const peer of peers) peer.receive();
}

function openPeer(start: Uint8Array): Peer {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, start);
  const text = doc.getText(TEXT_NAME);
  const container = document.createElement('div');
  container.style.cssText = 'width: 600px; height: 300px';
  document.body.append(container);
  const model = editor.createModel('', 'plaintext');
  const codeEditor = editor.create(container, { model, lineHeight: 20, minimap: { enabled: false } });
  const awareness = new Awareness(doc);
  const binding = new MonacoBinding(text, model, new Set([codeEditor]), awareness);
  const undo = createUndo(binding);
  const inbox: Uint8Array[] = [];
  return {
    doc,
    text,
    awareness,
    model,
    editor: codeEditor,
    binding,
    undo,
    inbox,
    receive(count = inbox.length) {
      for (const update of inbox.splice(0, count)) Y.applyUpdate(doc, update, NETWORK);
    },
    dispose() {
      undo.dispose();
      binding.destroy();
      codeEditor.dispose();
      model.dispose();
      doc.destroy();
      container.remove();
    },
  };
}
