import { expect, it } from 'vitest';
import { newUserId } from './ids.ts';
import { PRESENCE_COLORS, presenceColor } from './presence.ts';

/** WCAG 2 contrast of two #rrggbb colours. */
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

it.each(PRESENCE_COLORS)('%s carries white letters and is seen on both editors', (color) => {
  expect(contrast(color, '#ffffff')).toBeGreaterThanOrEqual(4.5);
  expect(contrast(color, '#1e1e1e')).toBeGreaterThanOrEqual(3);
});

it('the same person has the same colour everywhere', () => {
  const id = newUserId();
  expect(presenceColor(id)).toEqual(presenceColor(id));
  expect(PRESENCE_COLORS).toContain(presenceColor(id).color);
});

it('the colours are twelve, all different and equal in lightness: nobody is louder than the others', () => {
  expect(new Set(PRESENCE_COLORS).size).toBe(12);
  const lightness = PRESENCE_COLORS.map((color) => 116 * Math.cbrt(luminance(color)) - 16);
  expect(Math.max(...lightness) - Math.min(...lightness)).toBeLessThan(4);
});

it('the light colour is the same with alpha', () => {
  const { color, colorLight } = presenceColor(newUserId());
  expect(colorLight).toMatch(/^#[0-9a-f]{8}$/);
  expect(colorLight.startsWith(color)).toBe(true);
});

it('people are spread over all colours', () => {
  const counts = new Map<string, number>();
  for (let person = 0; person < 6_000; person++) {
    const { color } = presenceColor(newUserId());
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  // 500 each on average; 350 is seven standard deviations away.
  expect(counts.size).toBe(12);
  expect(Math.min(...counts.values())).toBeGreaterThan(350);
});
