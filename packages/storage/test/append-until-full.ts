// A process whose files may not grow beyond a limit: appends until the log has failed and recovered several times, then says what was acked.
import { DocumentId } from '@codesync/contract';
import { openLevelUpdateLog } from '@codesync/storage/level';
import { argv, stderr, stdout } from 'node:process';

const [, , folder = '', name = ''] = argv;
const document = DocumentId.parse(name);
const log = await openLevelUpdateLog(folder);

const OUTAGES = 3;
const acked: string[] = [];
let failures = 0;
for (let count = 0; failures < OUTAGES; count++) {
  const text = `${count}/`.padEnd(20_000, 'x');
  try {
    await log.append(document, [new TextEncoder().encode(text)]);
    acked.push(`${count}/`);
  } catch (error) {
    failures += 1;
    stderr.write(`${String(error)}\n`);
  }
}
// Behind the last failure, so that something is acked that a torn record could take with it.
for (const text of ['behind 1/', 'behind 2/', 'behind 3/']) {
  await log.append(document, [new TextEncoder().encode(text)]);
  acked.push(text);
}
stdout.write(JSON.stringify({ acked, failures }));
