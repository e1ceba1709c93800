import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteReader } from './byte-reader.ts';
import { utf16Length } from './utf8.ts';
import { varUints } from './var-uints.ts';

const encoder = new TextEncoder();

/** Short ones, long ones, and ones with characters of one to four bytes at the ends of blocks. */
const text = fc
  .tuple(fc.constantFrom('', 'a'.repeat(250), 'a'.repeat(4_090)), fc.array(fc.constantFrom('a', 'é', '漢', '😀', '\n')))
  .map(([beginning, rest]) => `${beginning}${rest.join('')}`.repeat(3));

const measured = (bytes: Uint8Array) =>
  new ByteReader(Uint8Array.from([...varUints(bytes.length), ...bytes])).measureString();

it('the length of text is what JavaScript says', () => {
  fc.assert(
    fc.property(text, (value) => {
      expect(utf16Length(encoder.encode(value))).toBe(value.length);
      expect(measured(encoder.encode(value))).toBe(value.length);
      expect(measured(encoder.encode(`${value}\r`))).toBe(-2 - value.length);
    }),
  );
});

it('long text that is not UTF-8 is refused, whatever its length would be', () => {
  const long = encoder.encode('a'.repeat(10_000));
  for (const bad of [[0xff], [0xc3], [0xc3, 0xc3], [0x80], [0xed, 0xa0, 0x80], [0xf0, 0x9f]]) {
    expect(() => measured(Uint8Array.from([...long, ...bad]))).toThrow('not UTF-8');
    expect(() => measured(Uint8Array.from([...bad, ...long]))).toThrow('not UTF-8');
  }
});
