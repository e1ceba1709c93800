import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isStorable, isUnicode, toLineFeeds } from './text.ts';

/** Texts in which line ends of every kind meet each other. */
const lines = fc.string({ unit: fc.constantFrom('a', '🙂', ' ', '\r', '\n', '\r\n', '\u2028') });

describe('R21: line ends', () => {
  it.each([
    ['', ''],
    ['a\nb', 'a\nb'],
    ['a\r\nb', 'a\nb'],
    ['a\rb', 'a\nb'],
    ['\r\r\n\n\r', '\n\n\n\n'],
    ['a\u2028b\u0085c', 'a\u2028b\u0085c'],
  ])('%j becomes %j', (given, kept) => {
    expect(toLineFeeds(given)).toBe(kept);
  });

  it('no CR is left, every line stays and nothing else changes', () => {
    fc.assert(
      fc.property(lines, (text) => {
        const kept = toLineFeeds(text);
        expect(kept).not.toContain('\r');
        expect(kept.split('\n')).toEqual(text.split(/\r\n|\r|\n/));
      }),
    );
  });

  it('a text that is clean stays as it is, so that doing it twice changes nothing', () => {
    fc.assert(
      fc.property(lines, (text) => {
        expect(toLineFeeds(toLineFeeds(text))).toBe(toLineFeeds(text));
      }),
    );
  });
});

describe('what is text', () => {
  it('is Unicode when UTF-8 gives it back as it was, and not otherwise', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '🙂', '\ud83d', '\ude42', '\0', '\ufffd') }), (text) => {
        const back = new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));
        expect(isUnicode(text)).toBe(back === text);
        expect(isStorable(text)).toBe(back === text && !text.includes('\0'));
      }),
    );
  });
});
