// The HTTP API: accounts, documents and their content, members, tickets.
export { createApi } from './app.ts';
export type { ApiDeps, ApiOptions } from './deps.ts';
export { listenerOf } from './http/listener.ts';
