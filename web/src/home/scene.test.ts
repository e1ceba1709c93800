import { expect, it } from 'vitest';
import { SCENES } from './play.ts';
import { perform } from './scene.ts';

it('two people typing at once leave the text that both meant', () => {
  expect(SCENES.at(-1)?.lines.join('\n')).toBe(
    [
      "import { wait } from './clock.ts';",
      '',
      'export async function retry(run: Run) {',
      '  for (const pause of [0, 1, 4]) {',
      '    await wait(pause * 1_000);',
      '    const answer = await run();',
      '    if (answer.ok) return answer.text;',
      '  }',
      "  throw new Error('No answer.');",
      '}',
      '',
      'type Run = () => Promise<Answer>;',
      '',
      'type Answer = { ok: boolean; text: string };',
    ].join('\n'),
  );
});

it('a caret stays at its letter when somebody types before it on its line', () => {
  const last = perform(
    ['ab'],
    [
      [
        { does: 'wait', ticks: 1 },
        { does: 'type', text: 'xy' },
      ],
      [
        { does: 'go', line: 0, column: 2 },
        { does: 'type', text: '!' },
      ],
    ],
  ).at(-1);
  expect(last?.lines).toEqual(['xyab!']);
  expect(last?.carets.map(({ column }) => column)).toEqual([2, 5]);
});

it('no picture has a caret outside its line', () => {
  for (const { lines, carets } of SCENES) {
    for (const { line, column } of carets) expect(column).toBeLessThanOrEqual(lines[line]?.length ?? -1);
  }
});
