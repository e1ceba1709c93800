// The object store of the one-process mode.
export { openFileObjectStore } from './object-store.ts';
