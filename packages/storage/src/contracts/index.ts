// One suite a port: an adapter's test file opens the adapter and hands it over.
export { leasesContract, type OpenedLeases } from './leases.ts';
export { noticesContract, type OpenedNotices } from './notices.ts';
export { objectStoreContract, type OpenedObjectStore } from './object-store.ts';
export { presenceBusContract, type OpenedPresenceBus } from './presence-bus.ts';
export { rateLimitsContract, type OpenedRateLimits } from './rate-limits.ts';
export { sessionStoreContract, type OpenedSessionStore } from './session-store.ts';
export { snapshotCommitsContract, type OpenedSnapshotCommits } from './snapshot-commits.ts';
export { updateLogContract, type OpenedUpdateLog } from './update-log.ts';
