// The environment of a cluster's tasks: what production sets, for backends of this machine.
import type { Address, PostgresServer, S3Server } from '@codesync/backends';

interface Surroundings {
  readonly postgres: PostgresServer;
  readonly redis: Address;
  readonly s3: S3Server;
  readonly publicUrl: string;
  readonly allowedOrigins: readonly string[];
  readonly jwtSecrets: readonly string[];
}

export type Environment = Readonly<Record<string, string>>;

export function databaseEnvironment({ config }: PostgresServer): Environment {
  return {
    NODE_ENV: 'production',
    DB_HOST: config.host,
    DB_PORT: String(config.port),
    DB_NAME: config.database,
    DB_USERNAME: config.username,
    DB_PASSWORD: config.password,
    DB_SSL: 'false',
    LOG_LEVEL: 'warn',
  };
}

export function taskEnvironment(surroundings: Surroundings): Environment {
  const { postgres, redis, s3, publicUrl, allowedOrigins, jwtSecrets } = surroundings;
  return {
    ...databaseEnvironment(postgres),
    HOST: '127.0.0.1',
    // Many on one machine: each takes a free one.
    METRICS_PORT: '0',
    PUBLIC_URL: publicUrl,
    ALLOWED_ORIGINS: allowedOrigins.join(','),
    REDIS_HOST: redis.host,
    REDIS_PORT: String(redis.port),
    S3_BUCKET: s3.bucket,
    S3_ENDPOINT: s3.endpoint,
    S3_FORCE_PATH_STYLE: 'true',
    AWS_REGION: s3.region,
    AWS_ACCESS_KEY_ID: s3.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
    JWT_SECRET: jwtSecrets.join(','),
    // There is no load balancer that has to notice first, and somebody waits for the prompt.
    DRAIN_WINDOW_MS: '1000',
  };
}
