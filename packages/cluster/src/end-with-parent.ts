// Preloaded into tasks: standard input is a pipe from the cluster's process, and ends when that does, also by kill -9. Then the task stops as if told to.
import { kill, pid, stdin } from 'node:process';
import { isMainThread } from 'node:worker_threads';

// A task's worker threads preload it too, and theirs has ended from the beginning.
if (isMainThread) {
  stdin.on('end', () => kill(pid, 'SIGTERM')).resume();
  // Nothing to stay alive for.
  if ('unref' in stdin) stdin.unref();
}
