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
