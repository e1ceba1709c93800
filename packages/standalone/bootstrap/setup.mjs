// Makes ready what a command needs; when everything is, that takes some milliseconds. Runs on Node 18, without a dependency.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { provideNode } from './right-node.mjs';
import { runSetup } from './setup-process.mjs';
import { StepFailed } from './step.mjs';
import { stepsOf } from './steps.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const makeReady = fileURLToPath(new URL('./make-ready.mjs', import.meta.url));
const [command = 'start'] = process.argv.slice(2);

await runSetup(async (signal) => {
  const present = {
    version: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    path: process.execPath,
  };
  const node = await provideNode(root, present, process.env, signal);
  if (stepsOf(command, root, process.env).every((step) => step.isDone())) return;
  // The rest is the right Node's: it has what the lock needs, and what it installs is for it.
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', makeReady, command], { stdio: 'inherit' });
  signal.addEventListener('abort', () => child.kill('SIGTERM'));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode) => resolve(exitCode ?? 1));
  });
  // It has said why.
  if (code !== 0) throw new StepFailed('', code);
});
