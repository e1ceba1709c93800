// LevelDB keeps the contract of the update log.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { updateLogContract } from '../contracts/index.ts';
import { openLevelUpdateLog } from './index.ts';

updateLogContract('LevelDB', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'codesync-log-'));
  let log = await openLevelUpdateLog(folder);
  return {
    log,
    async reopen() {
      await log.close();
      log = await openLevelUpdateLog(folder);
      return log;
    },
    async close() {
      await log.close();
      await rm(folder, { recursive: true });
    },
  };
});
