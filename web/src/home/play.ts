// What the two people on the first page write.
import { PRESENCE_COLORS } from '@codesync/contract';
import { type Action, perform } from './scene.ts';

export const TITLE = 'retry.ts';

export const PEOPLE = [
  { name: 'Ana', color: PRESENCE_COLORS[5] },
  { name: 'Ben', color: PRESENCE_COLORS[0] },
] as const;

/** Lines short enough for a phone: at most 44 letters. */
const START = [
  "import { wait } from './clock.ts';",
  '',
  'export async function retry(run: Run) {',
  '  for (const pause of [0, 1, 4]) {',
  '    ',
  '  }',
  '}',
  '',
  'type Run = () => Promise<string>;',
];

const ANA: readonly Action[] = [
  { does: 'go', line: 4, column: 4 },
  { does: 'wait', ticks: 8 },
  { does: 'type', text: 'await wait(pause * 1_000);\n' },
  { does: 'wait', ticks: 6 },
  { does: 'type', text: 'const answer = await run();\n' },
  { does: 'wait', ticks: 10 },
  { does: 'type', text: 'if (answer.ok) return answer.text;' },
  { does: 'wait', ticks: 10 },
  { does: 'go', line: 7, column: 3 },
  { does: 'wait', ticks: 6 },
  { does: 'type', text: "\nthrow new Error('No answer.');" },
];

const BEN: readonly Action[] = [
  { does: 'go', line: 8, column: 25 },
  { does: 'wait', ticks: 22 },
  { does: 'select', length: 6 },
  { does: 'wait', ticks: 10 },
  { does: 'type', text: 'Answer' },
  { does: 'wait', ticks: 8 },
  { does: 'end' },
  { does: 'wait', ticks: 4 },
  { does: 'type', text: '\n\ntype Answer = { ok: boolean; text: string };' },
];

export const SCENES = perform(START, [ANA, BEN]);
