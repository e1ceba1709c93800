// Configuration, the composition root, and the life of a process.
export { readConfig, type Config, type EmbeddedConfig } from './config.ts';
export { listen } from './listen.ts';
export { createLogger } from './logger.ts';
export { openPlatform } from './open-platform.ts';
export type { Platform } from './platform.ts';
export { serve, type Server } from './serve.ts';
export { StartFailure } from './start-failure.ts';
export { createTokens } from './tokens.ts';
