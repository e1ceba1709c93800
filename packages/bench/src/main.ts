// Runs the measurements, prints them as a table and, with --json FILE, writes them down. Names on the command line choose some of them.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { measureColdJoin } from './cold-join.ts';
import { measureFanOut } from './fan-out.ts';
import { measureIdleMemory } from './idle-memory.ts';
import { measureKeystroke } from './keystroke.ts';
import type { Measurement } from './measurement.ts';
import { measureOpenDocuments } from './open-documents.ts';
import { measureSlowReader } from './slow-reader.ts';

const BENCHES: Readonly<Record<string, () => Promise<Measurement[]>>> = {
  keystroke: measureKeystroke,
  'cold-join': measureColdJoin,
  'idle-memory': measureIdleMemory,
  'fan-out': measureFanOut,
  'open-documents': measureOpenDocuments,
  'slow-reader': measureSlowReader,
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });
const chosen = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const all: Measurement[] = [];
for (const name of chosen) {
  const bench = BENCHES[name];
  if (bench === undefined) {
    console.error(`no measurement is called ${name}: choose from ${Object.keys(BENCHES).join(', ')}`);
    process.exit(1);
  }
  console.log(`measuring ${name} …`);
  all.push(...(await bench()));
}
console.table(
  all.map(({ name, value, unit, budget }) => ({
    measurement: name,
    value: Number(value.toFixed(2)),
    unit,
    budget: budget === undefined ? '' : `< ${budget}`,
    within: budget === undefined ? '' : value < budget ? 'yes' : 'NO',
  })),
);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(all, null, 2)}\n`);
if (all.some(({ value, budget }) => budget !== undefined && value >= budget)) process.exitCode = 1;
