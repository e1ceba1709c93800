// The ports, and what is composed of ports alone. Adapters are behind ./memory, ./level and ./files: only runtime and tests name them.
export * from './clock.ts';
export * from './cursor.ts';
export * from './document-access.ts';
export * from './document-reader.ts';
export * from './document-state.ts';
export * from './leases.ts';
export * from './logger.ts';
export * from './notices.ts';
export * from './object-store.ts';
export * from './presence-bus.ts';
export * from './rate-limits.ts';
export * from './retention.ts';
export * from './session-store.ts';
export * from './snapshot-commits.ts';
export * from './snapshot-store.ts';
export * from './update-log.ts';
