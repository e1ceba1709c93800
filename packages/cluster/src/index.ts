// The production shape on this machine, for `npm run cluster`, tests and tools: many api and sync-server processes over real backends.
export { startCluster, type Cluster, type ClusterOptions } from './start-cluster.ts';
export type { TaskProcess } from './task-process.ts';
