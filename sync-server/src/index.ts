// The sync server, handed its parts: see runtime for how they are put together.
export { answerSocketRequest, answerSocketUpgrade, pathOf } from './socket-http.ts';
export { createSyncServer, type SyncServer, type SyncServerDeps, type SyncServerOptions } from './sync-server.ts';
