// Real servers on free loopback ports, for tests and for `npm run cluster`: Redis, Redis Cluster, Postgres, an S3 API, and a proxy that breaks connections.
export { freePort, type Address } from './address.ts';
export { startPostgres, type PostgresAccess, type PostgresOptions, type PostgresServer } from './postgres-server.ts';
export { startRedisCluster, type RedisCluster, type RedisClusterOptions } from './redis-cluster.ts';
export { startRedis, type RedisOptions, type RedisServer } from './redis-server.ts';
export { startS3, type S3Fault, type S3Options, type S3Server } from './s3-server.ts';
export { startTcpProxy, type TcpProxy, type Which } from './tcp-proxy.ts';
