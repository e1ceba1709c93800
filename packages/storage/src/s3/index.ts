// The object store of many tasks.
export { openS3ObjectStore, type S3Config, type S3Options } from './object-store.ts';
