// Configuration, the composition root, and the life of a process.
export { readConfig, type Config, type ConfigOf, type EmbeddedConfig, type Mode } from './config.ts';
export { openDataFolder } from './data-folder.ts';
export { createHttpServer, type HttpServer } from './http-server.ts';
export { listen, urlOf } from './listen.ts';
export { createLogger } from './logger.ts';
export { migrate } from './migrate.ts';
export { openPlatform } from './open-platform.ts';
export { localOrigins } from './origins.ts';
export type { Platform } from './platform.ts';
export { serve, type Server } from './serve.ts';
export { StartFailure } from './start-failure.ts';
export { createTokens } from './tokens.ts';
