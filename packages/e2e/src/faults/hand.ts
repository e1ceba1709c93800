// What one author does to a text, action by action: typing, deleting, pasting, undoing, or a recorded session on top of whatever is there.
import * as Y from 'yjs';
import { applyPatches, type Patch } from '../traces.ts';
import type { Random } from './random.ts';

export interface Hand {
  /** One action: one or a few transactions. */
  act(): void;
  /** Where the caret is, as an index. */
  readonly caret: number;
}

const WORDS = ['fn', 'let', 'match ', 'self.', 'return', '(x, y)', ' => ', '"naïve"', '// note', '\n', '\n  ', '};\n'];
const EMOJI = ['🦄', '👩‍🚀', '🇺🇦', '𝒳', '❤️'];

/** Characters. Documents stay small enough that a round is about edits, not about bytes. */
const LARGEST_TEXT = 40_000;

/** `session`: what was recorded, if this author types that. */
export function createHand(text: Y.Text, random: Random, session: readonly (readonly Patch[])[] = []): Hand {
  const origin = {};
  const undo = new Y.UndoManager(text, { trackedOrigins: new Set([origin]), captureTimeout: 200 });
  let next = random.below(session.length + 1);
  let caret = 0;

  function edit(change: () => void): void {
    text.doc?.transact(change, origin);
  }

  function insert(inserted: string): void {
    const at = boundary(caret);
    edit(() => text.insert(at, inserted));
    caret = at + inserted.length;
  }

  function remove(length: number): void {
    const from = boundary(Math.max(0, caret - length));
    const to = boundary(Math.min(text.length, from + length));
    edit(() => text.delete(from, to - from));
    caret = from;
  }

  /** No editor splits a character. */
  function boundary(index: number): number {
    const at = Math.min(index, text.length);
    const before = text.toString().charCodeAt(at - 1);
    return before >= 0xd800 && before <= 0xdbff ? at - 1 : at;
  }

  function replay(strokes: readonly Patch[]): void {
    for (const [position, deleted, inserted] of strokes) {
      // The recorded text is not the one that is there: the same strokes, at a place that exists.
      const from = boundary(position % (text.length + 1));
      const to = boundary(from + deleted);
      edit(() => applyPatches(text, [[from, to - from, inserted]]));
      caret = from + inserted.length;
    }
  }

  function invent(): void {
    const dice = random.below(100);
    if (dice < 52) insert(random.pick(WORDS).slice(0, random.between(1, 8)));
    else if (dice < 66) remove(random.between(1, 8));
    else if (dice < 76) caret = random.below(text.length + 1);
    else if (dice < 82) insert(random.pick(EMOJI));
    else if (dice < 91) wander();
    else if (dice < 94) remove(random.between(50, 400));
    else if (dice < 98) insert(random.pick(WORDS).repeat(random.between(20, 150)));
    // The server takes the carriage return out again (R21).
    else insert('a\r\nb');
  }

  /** Some steps back, and perhaps some forward again. */
  function wander(): void {
    for (let step = random.between(1, 4); step > 0; step--) undo.undo();
    for (let step = random.below(3); step > 0; step--) undo.redo();
  }

  return {
    get caret() {
      return Math.min(caret, text.length);
    },
    act() {
      if (text.length > LARGEST_TEXT) {
        caret = text.length;
        remove(LARGEST_TEXT / 2);
      }
      const strokes = session[next];
      if (strokes === undefined || random.chance(0.1)) {
        invent();
      } else {
        next += 1;
        replay(strokes);
      }
    },
  };
}
