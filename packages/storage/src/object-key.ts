// Which keys objects may have: what S3, a file system and a URL all take as it is.

/** Throws for a key that could leave the store's folder or mean different things to different stores. */
export function assertObjectKey(key: string): void {
  const segments = key.split('/');
  if (!/^[A-Za-z0-9/_.-]+$/.test(key) || segments.some((part) => part === '' || part === '.' || part === '..')) {
    throw new Error(`not an object key: ${JSON.stringify(key)}`);
  }
}
