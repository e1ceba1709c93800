// Everything in one process, for tests and tools that want a CodeSync of their own.
export { startStandalone, type StandaloneParts, type StandaloneSettings } from './standalone.ts';
