// The code that Node and its addons put on system errors: ENOENT, LEVEL_LOCKED ...

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
