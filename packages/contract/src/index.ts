// The words that browser and servers share. Imports nothing but zod.
export * from './accounts.ts';
export * from './close-codes.ts';
export * from './documents.ts';
export * from './failure.ts';
export * from './ids.ts';
export * from './languages.ts';
export * from './limits.ts';
export * from './presence.ts';
export * from './roles.ts';
export * from './text.ts';
export * from './tokens.ts';
export * from './wire.ts';
