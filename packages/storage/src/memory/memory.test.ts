// The memory adapters keep the contracts.
import {
  leasesContract,
  noticesContract,
  objectStoreContract,
  presenceBusContract,
  rateLimitsContract,
  sessionStoreContract,
  snapshotCommitsContract,
  updateLogContract,
} from '../contracts/index.ts';
import {
  createMemoryLeases,
  createMemoryNotices,
  createMemoryObjectStore,
  createMemoryPresenceBus,
  createMemoryRateLimits,
  createMemorySessionStore,
  createMemorySnapshotCommits,
  createMemoryUpdateLog,
} from './index.ts';

updateLogContract('memory', async () => {
  const log = createMemoryUpdateLog();
  return { log, other: log.connect(), close: () => log.close() };
});

presenceBusContract('memory', async () => {
  const bus = createMemoryPresenceBus();
  return { bus, other: bus.connect(), close: () => bus.close() };
});

leasesContract('memory', async () => {
  const leases = createMemoryLeases();
  return { leases, other: leases.connect(), close: () => leases.close() };
});

rateLimitsContract('memory', async () => {
  const limits = createMemoryRateLimits();
  return { limits, other: limits.connect(), close: () => limits.close() };
});

noticesContract('memory', async () => {
  const notices = createMemoryNotices();
  return { notices, other: notices.connect(), close: () => notices.close() };
});

objectStoreContract('memory', async () => {
  const objects = createMemoryObjectStore();
  return { objects, close: () => objects.close() };
});

snapshotCommitsContract('memory', async () => ({ commits: createMemorySnapshotCommits(), close: async () => {} }));

sessionStoreContract('memory', async () => ({ sessions: createMemorySessionStore(), close: async () => {} }));
