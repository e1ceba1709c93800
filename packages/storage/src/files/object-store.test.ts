// Files keep the contract of the object store.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { objectStoreContract } from '../contracts/index.ts';
import { openFileObjectStore } from './index.ts';

objectStoreContract('files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'codesync-objects-'));
  const objects = await openFileObjectStore(folder);
  return {
    objects,
    async reopen() {
      await objects.close();
      return openFileObjectStore(folder);
    },
    async close() {
      await objects.close();
      await rm(folder, { recursive: true });
    },
  };
});
