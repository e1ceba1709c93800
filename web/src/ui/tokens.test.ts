// Reads the tokens as they are shipped and measures them (WCAG 2 contrast).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');
const [normal = '', more = ''] = css.split('@media (prefers-contrast: more)');

type Scheme = 'light' | 'dark';

function tokens(text: string, scheme: Scheme): ReadonlyMap<string, string> {
  const pairs = text.matchAll(/(--[\w-]+): (?:light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)|(#[0-9a-f]{6}));/g);
  return new Map(
    Array.from(pairs, ([, name = '', light, dark, both]) => [name, both ?? (scheme === 'light' ? light : dark) ?? '']),
  );
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const SURFACES = ['--surface-0', '--surface-1', '--surface-2', '--surface-float'];
const TEXTS = ['--text-1', '--text-2', '--text-3', '--accent', '--good', '--warn', '--bad'];
const FILLS = ['--accent-fill', '--accent-fill-hover', '--bad-fill'];

describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
  const plain = tokens(normal, scheme);
  const high = new Map([...plain, ...tokens(more, scheme)]);
  const of = (from: ReadonlyMap<string, string>, name: string): string => {
    const color = from.get(name);
    if (color === undefined) throw new Error(`tokens.css has no ${name}`);
    return color;
  };

  it.each(TEXTS)('%s is read on every surface: 4.5:1', (text) => {
    for (const surface of SURFACES) {
      expect(contrast(of(plain, text), of(plain, surface)), surface).toBeGreaterThanOrEqual(4.5);
    }
  });

  it.each(TEXTS)('%s is read on every surface in high contrast: 7:1', (text) => {
    for (const surface of SURFACES) {
      expect(contrast(of(high, text), of(high, surface)), surface).toBeGreaterThanOrEqual(7);
    }
  });

  it('chosen rows and pressed buttons keep their text readable: 4.5:1', () => {
    for (const text of ['--text-1', '--text-2']) {
      expect(contrast(of(plain, text), of(plain, '--surface-3'))).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(of(plain, '--bad'), of(plain, '--bad-soft'))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(FILLS)('white is read on %s: 4.5:1', (fill) => {
    expect(contrast('#ffffff', of(plain, fill))).toBeGreaterThanOrEqual(4.5);
  });

  it('the edges of fields are seen on every surface: 3:1', () => {
    for (const surface of SURFACES) {
      expect(contrast(of(plain, '--line-strong'), of(plain, surface)), surface).toBeGreaterThanOrEqual(3);
    }
  });
});

it('no size but the six is used anywhere in the shell', () => {
  expect([...css.matchAll(/--size-(\d+):/g)].map(([, size]) => size)).toEqual(['12', '13', '14', '16', '20', '28']);
});
