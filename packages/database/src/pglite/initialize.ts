// A process of its own: makes a new database in the folder that its argument names, and exits. It takes 300 MB for a moment,
// which the process that asked would keep for as long as it lives.
import { startEngine } from './engine.ts';
import { FolderFs } from './folder-fs.ts';
import { syncFolder } from './sync-folder.ts';

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('name the folder');
// Who asked has died: nobody would take the folder.
const giveUp = () => process.exit(1);
process.once('disconnect', giveUp);

const engine = await startEngine(new FolderFs(folder, { synced: true }));
await engine.close();
await syncFolder(folder);
process.off('disconnect', giveUp);
process.disconnect?.();
