// The binding against real Monaco: random edits by several people, and each defect of y-monaco by name.
import { afterEach, describe, expect, it } from 'vitest';
import { applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { MonacoBinding as StockBinding } from 'y-monaco';
import { editor } from './monaco.ts';
import { openPeers, type Peer, settle } from './testing/peers.ts';
import { createRandom, type Random } from './testing/random.ts';

const ROUNDS = 60;
const STEPS = 60;
const SEEDS = Array.from({ length: ROUNDS }, (_, index) => index + 1);

const WORDS = ['a', 'foo', '{', '\n', '\n\n', '\t', '😀', '👩‍👩‍👧', 'é', '\r', '\r\n', 'x\r\ny\rz\n', '漢字', ' '];

let peers: readonly Peer[] = [];
afterEach(() => {
  for (const peer of peers) peer.dispose();
  peers = [];
});

function pair(text: string): readonly [Peer, Peer] {
  peers = openPeers(2, text);
  const [one, other] = peers;
  if (one === undefined || other === undefined) throw new Error('two were opened');
  return [one, other];
}

function expectSame(seed: number | string): void {
  const texts = peers.flatMap((peer) => [peer.model.getValue(), peer.text.toString()]);
  expect(new Set(texts), `seed ${seed}`).toEqual(new Set([texts[0]]));
}

function randomRange(random: Random, { model }: Peer) {
  const length = model.getValueLength();
  const from = random.below(length + 1);
  const start = model.getPositionAt(from);
  const end = model.getPositionAt(Math.min(length, from + random.pick([0, 0, 0, 1, 2, 5, 40])));
  return {
    startLineNumber: start.lineNumber,
    startColumn: start.column,
    endLineNumber: end.lineNumber,
    endColumn: end.column,
  };
}

function selectAt(random: Random, peer: Peer): void {
  const ranges = Array.from({ length: 1 + random.below(3) }, () => randomRange(random, peer));
  peer.editor.setSelections(
    ranges.map((range) => ({
      selectionStartLineNumber: range.startLineNumber,
      selectionStartColumn: range.startColumn,
      positionLineNumber: range.endLineNumber,
      positionColumn: range.endColumn,
    })),
  );
}

const ACTIONS: readonly ((random: Random, peer: Peer) => void)[] = [
  (random, peer) => peer.model.applyEdits([{ range: randomRange(random, peer), text: random.pick(WORDS) }]),
  (random, peer) => peer.model.pushEditOperations(null, [{ range: randomRange(random, peer), text: '' }], () => null),
  (random, peer) => {
    selectAt(random, peer);
    peer.editor.trigger('test', 'type', { text: random.pick(WORDS) });
  },
  (random, peer) => peer.editor.trigger('test', 'type', { text: random.pick(WORDS) }),
  (random, peer) => {
    selectAt(random, peer);
    peer.editor.trigger('test', 'paste', { text: random.pick(WORDS).repeat(3), pasteOnNewLine: false });
  },
  (_random, peer) => peer.editor.trigger('test', 'deleteLeft', null),
  (_random, peer) => peer.editor.trigger('test', 'undo', null),
  (_random, peer) => peer.editor.trigger('test', 'redo', null),
  (random, peer) => peer.model.setValue(`${random.pick(WORDS)}${peer.model.getValue()}${random.pick(WORDS)}`),
  (_random, peer) => peer.model.setEOL(editor.EndOfLineSequence.CRLF),
  (random, peer) => peer.receive(random.below(4)),
  (random, peer) => peer.receive(random.below(4)),
  (random, peer) => {
    // Code beside the editor, such as a formatter working on the shared text.
    const at = random.below(peer.text.length + 1);
    peer.text.insert(at, random.pick(['\n', 'code', '😀']));
  },
];

describe('any edits', () => {
  it.each(SEEDS)('R21: after every quiescence model, shared text and peers are the same (seed %i)', (seed) => {
    const random = createRandom(seed);
    peers = openPeers(2 + (seed % 2), 'one\ntwo 😀\nthree\n');
    for (let step = 0; step < STEPS; step++) {
      const peer = random.pick(peers);
      random.pick(ACTIONS)(random, peer);
      expect(peer.model.getValue(), `seed ${seed}, step ${step}`).toBe(peer.text.toString());
      if (random.next() < 0.1) {
        settle(peers);
        expectSame(seed);
      }
    }
    settle(peers);
    expectSame(seed);
    expect(peers[0]?.text.toString()).not.toContain('\r');
  });

  it.each(SEEDS.slice(0, 20))('R21: edits that listeners make during others’ edits are kept (seed %i)', (seed) => {
    const random = createRandom(seed);
    peers = openPeers(2, 'start');
    let left = 0;
    for (const peer of peers) {
      for (const mark of ['<', '>']) {
        peer.model.onDidChangeContent(() => {
          if (left-- > 0) peer.model.applyEdits([{ range: randomRange(random, peer), text: mark }]);
        });
      }
    }
    for (let step = 0; step < STEPS; step++) {
      const peer = random.pick(peers);
      left = random.below(4);
      random.pick(ACTIONS)(random, peer);
      left = 0;
      expect(peer.model.getValue(), `seed ${seed}, step ${step}`).toBe(peer.text.toString());
    }
    settle(peers);
    expectSame(seed);
  });
});

describe('what others’ edits leave alone', () => {
  const insert = (peer: Peer, lineNumber: number, column: number, text: string): void => {
    const range = { startLineNumber: lineNumber, startColumn: column, endLineNumber: lineNumber, endColumn: column };
    peer.model.applyEdits([{ range, text }]);
  };

  it('R22: all of my cursors and selections stay on their characters', () => {
    const [one, other] = pair('alpha\nbeta\ngamma\n');
    one.editor.setSelections([
      { selectionStartLineNumber: 1, selectionStartColumn: 2, positionLineNumber: 1, positionColumn: 4 },
      { selectionStartLineNumber: 2, selectionStartColumn: 3, positionLineNumber: 2, positionColumn: 3 },
      { selectionStartLineNumber: 3, selectionStartColumn: 5, positionLineNumber: 3, positionColumn: 1 },
    ]);
    insert(other, 1, 1, 'new\n>>');
    settle(peers);
    expect(one.editor.getSelections()?.map(String)).toEqual(['[2,4 -> 2,6]', '[3,3 -> 3,3]', '[4,5 -> 4,1]']);
  });

  it('R22: an insertion exactly at my caret does not push it', () => {
    const [one, other] = pair('ab');
    one.editor.setPosition({ lineNumber: 1, column: 2 });
    insert(other, 1, 2, 'XX');
    settle(peers);
    expect(one.editor.getPosition()?.column).toBe(2);
    one.editor.trigger('test', 'type', { text: 'me' });
    expect(one.model.getValue()).toBe('ameXXb');
  });

  it('R22: insertions at both ends of my selection stay outside of it', () => {
    const [one, other] = pair('abcd');
    one.editor.setSelection({ startLineNumber: 1, startColumn: 2, endLineNumber: 1, endColumn: 4 });
    insert(other, 1, 2, '<');
    insert(other, 1, 5, '>');
    settle(peers);
    expect(one.model.getValue()).toBe('a<bc>d');
    expect(one.editor.getSelection()?.toString()).toBe('[1,3 -> 1,5]');
  });

  it('R22: the lines that I look at stay where they are when lines come and go above', () => {
    const [one, other] = pair(Array.from({ length: 500 }, (_, index) => `line ${index}`).join('\n'));
    one.editor.setScrollTop(4_007, editor.ScrollType.Immediate);
    const first = (): string => one.model.getLineContent(one.editor.getVisibleRanges()[0]?.startLineNumber ?? 1);
    const [seen, offset] = [first(), one.editor.getScrollTop() % 20];
    insert(other, 1, 1, 'more\n'.repeat(20));
    settle(peers);
    expect([first(), one.editor.getScrollTop() % 20]).toEqual([seen, offset]);
    other.model.applyEdits([
      { range: { startLineNumber: 1, startColumn: 1, endLineNumber: 51, endColumn: 1 }, text: '' },
    ]);
    settle(peers);
    expect([first(), one.editor.getScrollTop() % 20]).toEqual([seen, offset]);
  });

  it('a peer’s replacement of everything arrives as one change', () => {
    const [one, other] = pair('word '.repeat(2_000));
    let changes = 0;
    one.model.onDidChangeContent(() => changes++);
    other.model.pushEditOperations(
      null,
      [...other.model.findMatches('word', false, false, true, null, false, 2_000)].map(({ range }) => ({
        range,
        text: 'term',
      })),
      () => null,
    );
    settle(peers);
    expect(one.model.getValue()).toBe('term '.repeat(2_000));
    expect(changes).toBe(1);
  });
});

describe('line ends and broken characters', () => {
  it('R21: a CR in the shared text is shown as LF, and typing beside it lands in the right place', () => {
    const [one] = pair('a\r\nb\rc');
    expect(one.model.getValue()).toBe('a\nb\nc');
    one.editor.setPosition({ lineNumber: 3, column: 2 });
    one.editor.trigger('test', 'type', { text: '!' });
    expect(one.text.toString()).toBe('a\r\nb\rc!');
    one.doc.transact(() => {
      one.text.delete(1, 1);
      one.text.delete(3, 1);
      one.text.insert(3, '\n');
    }, 'server');
    expect(one.model.getValue()).toBe('a\nb\nc!');
    expect(one.text.toString()).toBe('a\nb\nc!');
  });

  it('R21: half a character never reaches the shared text', () => {
    const [one] = pair('');
    one.model.setValue('a\ud83db');
    one.editor.trigger('test', 'type', { text: '\ude00' });
    expect(one.text.toString().isWellFormed()).toBe(true);
    expect(one.model.getValue()).toBe(one.text.toString());
  });

  it('R21: an edit inside a character, by a client that counts differently, breaks it for everybody alike', () => {
    const [one, other] = pair('x😀y');
    one.text.insert(2, '-');
    settle(peers);
    expect(one.model.getValue()).toBe(one.text.toString());
    expect(other.model.getValue()).toBe(one.text.toString());
  });
});

describe('destroy', () => {
  it('nothing follows either side any more, and presence is empty', async () => {
    const [one] = pair('text');
    one.editor.setPosition({ lineNumber: 1, column: 3 });
    await expect.poll(() => one.awareness.getLocalState()?.['selections']).toHaveLength(1);
    one.undo.dispose();
    one.binding.destroy();
    one.text.insert(0, 'shared');
    one.model.setValue('alone');
    one.editor.setPosition({ lineNumber: 1, column: 2 });
    expect(one.text.toString()).toBe('sharedtext');
    expect(one.awareness.getLocalState()).toMatchObject({ selections: [], selection: null });
    expect(Object.keys(one.model)).not.toContain('undo');
  });

  it('disposing the model destroys the binding', () => {
    const [one] = pair('text');
    one.undo.dispose();
    one.model.dispose();
    expect(() => one.text.insert(0, 'x')).not.toThrow();
  });
});

it('stands in for y-monaco’s: the same arguments, and each follows and sees the other', async () => {
  const [one, other] = pair('start ');
  // The other one's window runs y-monaco instead.
  other.undo.dispose();
  other.binding.destroy();
  const stock = new StockBinding(other.text, other.model, new Set([other.editor]), other.awareness);

  one.editor.setPosition({ lineNumber: 1, column: 7 });
  one.editor.trigger('test', 'type', { text: 'mine' });
  settle(peers);
  expect(other.model.getValue()).toBe('start mine');
  other.editor.setPosition({ lineNumber: 1, column: 1 });
  other.editor.trigger('test', 'type', { text: 'theirs ' });
  settle(peers);
  expect(one.model.getValue()).toBe('theirs start mine');

  const selection = (): unknown => one.awareness.getLocalState()?.['selection'];
  await expect.poll(selection).toMatchObject({ anchor: expect.anything(), head: expect.anything() });
  one.awareness.setLocalStateField('user', { name: 'One' });
  applyAwarenessUpdate(other.awareness, encodeAwarenessUpdate(one.awareness, [one.doc.clientID]), 'network');
  const drawn = () =>
    other.model.getAllDecorations().map(({ options }) => options.afterContentClassName ?? options.className);
  await expect.poll(drawn).toContainEqual(expect.stringContaining(String(one.doc.clientID)));
  stock.destroy();
});
