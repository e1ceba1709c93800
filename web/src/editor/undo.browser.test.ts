// Undo against real Monaco: mine comes back, other people's text stays.
import { afterEach, describe, expect, it } from 'vitest';
import { openPeers, type Peer, settle } from './testing/peers.ts';
import { createRandom } from './testing/random.ts';

const ROUNDS = 60;
const STEPS = 120;
const SEEDS = Array.from({ length: ROUNDS }, (_, index) => index + 1);

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

function expectSame(seed: number): void {
  const texts = peers.flatMap((peer) => [peer.model.getValue(), peer.text.toString()]);
  expect(new Set(texts), `seed ${seed}`).toEqual(new Set([texts[0]]));
}

describe('undo', () => {
  const ALPHABETS = ['abcdefgh', 'ABCDEFGH', '12345678'];

  it.each(SEEDS)('R22: undo and redo never take another person’s characters away (seed %i)', (seed) => {
    const random = createRandom(seed);
    peers = openPeers(3, '');
    // Each person writes letters of their own and deletes only those: so whatever is missing was taken by an undo.
    const lettersOf = (index: number, text: string): string =>
      text
        .split('')
        .filter((letter) => ALPHABETS[index]?.includes(letter))
        .join('');
    for (let step = 0; step < STEPS; step++) {
      const index = random.below(peers.length);
      const peer = peers[index];
      const alphabet = ALPHABETS[index];
      if (peer === undefined || alphabet === undefined) throw new Error('three were opened');
      const before = peer.model.getValue();
      const kind = random.below(8);
      if (kind < 3) {
        const at = peer.model.getPositionAt(random.below(before.length + 1));
        peer.editor.setPosition(at);
        for (let count = random.below(4); count >= 0; count--) {
          peer.editor.trigger('test', 'type', { text: random.pick(alphabet.split('')) });
          if (random.next() < 0.5) peer.receive(1);
        }
      } else if (kind === 3) {
        const at = before.split('').flatMap((letter, position) => (alphabet.includes(letter) ? [position] : []));
        if (at.length > 0) {
          const position = peer.model.getPositionAt(random.pick(at) + 1);
          peer.editor.setPosition(position);
          peer.editor.trigger('test', 'deleteLeft', null);
        }
      } else if (kind < 6) {
        peer.receive(random.below(5));
      } else {
        peer.editor.trigger('test', kind === 6 ? 'undo' : 'redo', null);
        for (const [other] of peers.entries()) {
          if (other === index) continue;
          expect(lettersOf(other, peer.model.getValue()), `seed ${seed}, step ${step}`).toBe(lettersOf(other, before));
        }
      }
    }
    settle(peers);
    expectSame(seed);
  });

  it('R22: the defect of native undo: a peer’s text before mine stays when I undo mine', () => {
    const [one, other] = pair('');
    one.editor.trigger('test', 'type', { text: 'LOCAL' });
    settle(peers);
    other.editor.setPosition({ lineNumber: 1, column: 1 });
    other.editor.trigger('test', 'type', { text: 'REMOTE-' });
    settle(peers);
    one.editor.trigger('test', 'undo', null);
    settle(peers);
    expect(other.model.getValue()).toBe('REMOTE-');
    one.editor.trigger('test', 'redo', null);
    expect(one.model.getValue()).toBe('REMOTE-LOCAL');
  });

  it('undo brings back the selection that was typed over, also after a peer’s insertion above', () => {
    const [one, other] = pair('first\nsecond word\n');
    one.editor.setSelection({ startLineNumber: 2, startColumn: 8, endLineNumber: 2, endColumn: 12 });
    one.editor.trigger('test', 'type', { text: 'x' });
    settle(peers);
    other.model.applyEdits([
      { range: { startLineNumber: 1, startColumn: 1, endLineNumber: 1, endColumn: 1 }, text: 'above\n' },
    ]);
    settle(peers);
    one.editor.trigger('test', 'undo', null);
    expect(one.model.getValue()).toBe('above\nfirst\nsecond word\n');
    expect(one.editor.getSelection()?.toString()).toBe('[3,8 -> 3,12]');
  });

  it('typing after a jump of the caret, and a paste, are steps of their own', () => {
    const [one] = pair('');
    one.editor.trigger('test', 'type', { text: 'ab' });
    one.editor.trigger('test', 'cursorHome', null);
    one.editor.trigger('test', 'type', { text: 'c' });
    one.editor.trigger('test', 'paste', { text: 'a long line from elsewhere', pasteOnNewLine: false });
    one.editor.trigger('test', 'undo', null);
    expect(one.model.getValue()).toBe('cab');
    one.editor.trigger('test', 'undo', null);
    expect(one.model.getValue()).toBe('ab');
    expect(one.model.canUndo()).toBe(true);
    one.editor.trigger('test', 'undo', null);
    expect(one.model.getValue()).toBe('');
    expect(one.model.canUndo()).toBe(false);
  });
});
