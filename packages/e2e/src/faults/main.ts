// `npm run faults -- --rounds N --seed S`: N rounds with the seeds S, S + 1 ...; exit code 1 when one of them failed.
import { parseArgs } from 'node:util';
import { createRunner } from './runner.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' } } });
const rounds = wholeNumber('--rounds', values.rounds ?? '20');
const first = wholeNumber('--seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31)));

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  process.stderr.write(`${name} must be a whole number.\n`);
  process.exit(1);
}

const runner = createRunner();
const failed: number[] = [];
for (let seed = first; seed < first + rounds; seed++) {
  try {
    process.stdout.write(`${await runner.run(seed)}\n`);
  } catch (error) {
    failed.push(seed);
    process.stdout.write(`FAILED ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
await runner.close();
process.stdout.write(`${rounds - failed.length} of ${rounds} rounds passed`);
process.stdout.write(failed.length === 0 ? '\n' : `; failed: ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
