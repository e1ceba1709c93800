// Does the steps that are missing. Run by the right Node, and by one process at a time.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stepEnvironment } from './environment.mjs';
import { takeSetupLock } from './setup-lock.mjs';
import { runSetup } from './setup-process.mjs';
import { stepsOf } from './steps.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const [command = 'start'] = process.argv.slice(2);

await runSetup(async (signal) => {
  const release = await takeSetupLock(root, signal);
  const options = { cwd: root, env: stepEnvironment(process.env, dirname(process.execPath)), signal };
  try {
    for (const step of stepsOf(command, root, process.env)) {
      // Asked again under the lock: another start may have done it while this one waited.
      if (!step.isDone()) await step.make(options);
    }
  } finally {
    release();
  }
});
