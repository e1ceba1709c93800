// Other people's carets, names and selections as they are drawn.
import { afterEach, describe, expect, it } from 'vitest';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { openPeers, type Peer, settle } from './testing/peers.ts';

let peers: readonly Peer[] = [];
afterEach(() => {
  for (const peer of peers) peer.dispose();
  peers = [];
});

function pair(text: string): readonly [Peer, Peer] {
  peers = openPeers(2, text);
  const [one, other] = peers;
  if (one === undefined || other === undefined) throw new Error('two were opened');
  other.awareness.setLocalStateField('user', { id: 'ben', name: 'Ben <b>', color: '#d1495b', colorLight: '#d1495b33' });
  return [one, other];
}

/** What a server would pass on. */
function tell(from: Awareness, to: Peer): void {
  applyAwarenessUpdate(to.awareness, encodeAwarenessUpdate(from, [from.clientID]), 'test');
}

const carets = (peer: Peer): HTMLElement[] => [
  ...peer.editor.getContainerDomNode().querySelectorAll<HTMLElement>('.remote-caret'),
];
const decorations = (peer: Peer) =>
  peer.model.getAllDecorations().filter(({ options }) => options.className?.includes('remote-selection'));

async function select(peer: Peer, from: number, to: number): Promise<void> {
  const before = JSON.stringify(peer.awareness.getLocalState());
  const [start, end] = [peer.model.getPositionAt(from), peer.model.getPositionAt(to)];
  peer.editor.setSelection({
    selectionStartLineNumber: start.lineNumber,
    selectionStartColumn: start.column,
    positionLineNumber: end.lineNumber,
    positionColumn: end.column,
  });
  await expect.poll(() => JSON.stringify(peer.awareness.getLocalState())).not.toBe(before);
}

describe('one person', () => {
  it('has a caret with their name as text, and a selection in their colour', async () => {
    const [one, other] = pair('some words\nhere\n');
    await select(other, 5, 10);
    tell(other.awareness, one);
    await expect.poll(() => carets(one).map((caret) => caret.textContent)).toEqual(['Ben <b>']);
    expect(carets(one)[0]?.querySelector('b')).toBeNull();
    expect(decorations(one).map(({ range }) => String(range))).toEqual(['[1,6 -> 1,11]']);
    const [caret] = carets(one);
    if (caret === undefined) throw new Error('It was there a moment ago.');
    expect(getComputedStyle(caret).borderLeftColor).toBe('rgb(209, 73, 91)');
    expect(document.querySelectorAll('style[class*="person"]')).toHaveLength(0);
  });

  it('has their name below the first line, where it would be cut off above', async () => {
    const [one, other] = pair('first\nsecond\nthird');
    await select(other, 2, 2);
    tell(other.awareness, one);
    await expect.poll(() => carets(one)[0]?.hasAttribute('data-below')).toBe(true);
    await select(other, 14, 14);
    tell(other.awareness, one);
    await expect.poll(() => carets(one)[0]?.hasAttribute('data-below')).toBe(false);
  });

  it('stays at their place when text comes in above', async () => {
    const [one, other] = pair('some words\n');
    await select(other, 5, 10);
    tell(other.awareness, one);
    await expect.poll(() => decorations(one)).toHaveLength(1);
    one.model.applyEdits([
      { range: { startLineNumber: 1, startColumn: 1, endLineNumber: 1, endColumn: 1 }, text: 'x\n' },
    ]);
    settle(peers);
    await expect.poll(() => decorations(one).map(({ range }) => String(range))).toEqual(['[2,6 -> 2,11]']);
  });

  it('is gone with all that was drawn when they leave', async () => {
    const [one, other] = pair('some words');
    await select(other, 2, 6);
    tell(other.awareness, one);
    await expect.poll(() => carets(one)).toHaveLength(1);
    removeAwarenessStates(one.awareness, [other.doc.clientID], 'test');
    await expect.poll(() => carets(one)).toHaveLength(0);
    expect(decorations(one)).toEqual([]);
  });

  it('who sends nonsense is not drawn and breaks nothing', async () => {
    const [one, other] = pair('text');
    const stranger = new Awareness(new Y.Doc());
    stranger.setLocalState({ user: 7, selections: [{ anchor: 'x', head: { item: 5 } }, null], selection: 'here' });
    tell(stranger, one);
    await select(other, 1, 3);
    tell(other.awareness, one);
    await expect.poll(() => carets(one)).toHaveLength(1);
    stranger.destroy();
  });
});

it('a client of y-monaco, which sends one selection, is drawn', async () => {
  const [one, other] = pair('some words');
  const anchor = Y.createRelativePositionFromTypeIndex(other.text, 0);
  const head = Y.createRelativePositionFromTypeIndex(other.text, 4);
  const stock = new Awareness(new Y.Doc());
  stock.setLocalState({ user: { name: 'Stock' }, selection: { anchor, head } });
  tell(stock, one);
  await expect.poll(() => decorations(one).map(({ range }) => String(range))).toEqual(['[1,1 -> 1,5]']);
  stock.destroy();
});

it('all cursors of a person are told and drawn', async () => {
  const [one, other] = pair('aaa\nbbb\nccc');
  const before = JSON.stringify(other.awareness.getLocalState());
  other.editor.setSelections(
    [1, 2, 3].map((line) => ({
      selectionStartLineNumber: line,
      selectionStartColumn: 1,
      positionLineNumber: line,
      positionColumn: 3,
    })),
  );
  await expect.poll(() => JSON.stringify(other.awareness.getLocalState())).not.toBe(before);
  tell(other.awareness, one);
  await expect.poll(() => decorations(one)).toHaveLength(3);
  const further = one.model
    .getAllDecorations()
    .filter(({ options }) => options.beforeContentClassName?.includes('remote-further'));
  expect(further).toHaveLength(2);
  expect(carets(one)).toHaveLength(1);
});
