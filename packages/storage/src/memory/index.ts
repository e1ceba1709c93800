// Adapters in memory: of the one-process mode (presence, notices) and of tests (all of them, and a clock that stands still).
export { createMemoryDocumentAccess, type MemoryDocumentAccess } from './document-access.ts';
export { createFakeClock, type FakeClock } from './fake-clock.ts';
export { createMemoryLeases, type MemoryLeases } from './leases.ts';
export { createMemoryNotices, type MemoryNotices } from './notices.ts';
export { createMemoryObjectStore, type MemoryObjectStore } from './object-store.ts';
export type { Outage } from './outage.ts';
export { createMemoryPresenceBus, type MemoryPresenceBus } from './presence-bus.ts';
export { createMemoryRateLimits, type MemoryRateLimits } from './rate-limits.ts';
export { createMemorySessionStore, type MemorySessionStore } from './session-store.ts';
export { createMemorySnapshotCommits, type MemorySnapshotCommits } from './snapshot-commits.ts';
export { createMemoryUpdateLog, type MemoryUpdateLog } from './update-log.ts';
