// What the environment says, judged once at the start. The only reader of process.env.
import type { PostgresConfig } from '@codesync/database';
import { resolve } from 'node:path';
import { z } from 'zod';
import {
  BucketName,
  Endpoint,
  Host,
  ListeningPort,
  LogLevel,
  NodeEnv,
  Origin,
  Origins,
  Port,
  Region,
  Secrets,
  SnapshotInterval,
  Switch,
  wholeNumber,
} from './settings.ts';
import { StartFailure } from './start-failure.ts';

interface ServerConfig {
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  /** Origins besides our own that may use the API and open sockets. */
  readonly allowedOrigins: readonly string[];
  /** The first signs, all verify. */
  readonly jwtSecrets: readonly string[];
  /** Milliseconds from an edit to its snapshot, at the latest. */
  readonly snapshotInterval: number;
  readonly logLevel: LogLevel;
}

/** Everything on one machine (`npm start`, `npm run cluster`). */
export interface EmbeddedConfig extends ServerConfig {
  readonly mode: 'embedded';
  /** Absolute path of the folder that holds all there is. */
  readonly data: string;
  /** An origin; undefined: http://localhost and the port. */
  readonly publicUrl: string | undefined;
  /** Empty: one is made at the first start and kept in the data folder. */
  readonly jwtSecrets: readonly string[];
}

/** One task of many, over backends that all of them share. */
export interface TaskConfig extends ServerConfig {
  readonly publicUrl: string;
  readonly database: PostgresConfig;
  readonly redis: {
    readonly host: string;
    readonly port: number;
    readonly tls: boolean;
    readonly password?: string;
    /** The host is any node of a Redis Cluster. */
    readonly cluster: boolean;
  };
  /** Credentials are not in it: the SDK finds them where AWS keeps them for a task, or in AWS_ACCESS_KEY_ID and its like. */
  readonly objects: {
    readonly bucket: string;
    readonly region: string;
    readonly endpoint?: string;
    readonly forcePathStyle: boolean;
  };
  /** Milliseconds from failing readiness to the end of the last connection: load balancers and clients move over in it. */
  readonly drainWindow: number;
}

export interface ApiConfig extends TaskConfig {
  readonly mode: 'api';
}

export interface SyncConfig extends TaskConfig {
  readonly mode: 'sync';
}

/** `node packages/database/src/migrate.ts` */
interface MigrateConfig {
  readonly mode: 'migrate';
  readonly database: PostgresConfig;
  readonly logLevel: LogLevel;
}

interface Configs {
  readonly embedded: EmbeddedConfig;
  readonly api: ApiConfig;
  readonly sync: SyncConfig;
  readonly migrate: MigrateConfig;
}

export type Mode = keyof Configs;
export type ConfigOf<M extends Mode> = Configs[M];
/** A union on `mode`: each process has the settings that it needs, and no others. */
export type Config = ConfigOf<Mode>;
export type LogLevel = z.infer<typeof LogLevel>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Of a secret that signs, where NODE_ENV is production: HS256 is as strong as 32 bytes, and no stronger than a shorter secret. */
const SECRET_CHARACTERS = 32;

/** Milliseconds. A sync-server's whole stop takes at most a minute longer, and ECS kills a task that takes more than two. */
const LONGEST_DRAIN = 50_000;

const EmbeddedEnvironment = z.object({
  PORT: ListeningPort.default(3000),
  HOST: z.string().trim().default('127.0.0.1'),
  CODESYNC_DATA: z.string().default('./.codesync'),
  PUBLIC_URL: Origin.optional(),
  ALLOWED_ORIGINS: Origins.default([]),
  JWT_SECRET: Secrets.default([]),
  SNAPSHOT_INTERVAL_MS: SnapshotInterval.default(5000),
  LOG_LEVEL: LogLevel.default('warn'),
});

const DatabaseEnvironment = z.object({
  NODE_ENV: NodeEnv.default('development'),
  DB_HOST: Host,
  DB_PORT: Port.default(5432),
  DB_NAME: z.string(),
  DB_USERNAME: z.string(),
  DB_PASSWORD: z.string(),
  DB_SSL: Switch.optional(),
  LOG_LEVEL: LogLevel.default('info'),
});

const TaskEnvironment = DatabaseEnvironment.extend({
  PORT: ListeningPort.optional(),
  HOST: z.string().trim().default('0.0.0.0'),
  // Judged here and used by nobody yet: what is wrong is told before it matters.
  METRICS_PORT: ListeningPort.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: Endpoint.optional(),
  PUBLIC_URL: Origin,
  ALLOWED_ORIGINS: Origins.default([]),
  REDIS_HOST: Host,
  REDIS_PORT: Port.default(6379),
  REDIS_TLS: Switch.default(false),
  REDIS_PASSWORD: z.string().optional(),
  REDIS_CLUSTER: Switch.default(false),
  S3_BUCKET: BucketName,
  S3_ENDPOINT: Endpoint.optional(),
  S3_FORCE_PATH_STYLE: Switch.default(false),
  AWS_REGION: Region,
  SNAPSHOT_INTERVAL_MS: SnapshotInterval.default(5000),
  DRAIN_WINDOW_MS: wholeNumber(0, LONGEST_DRAIN).default(10_000),
  JWT_SECRET: Secrets,
}).refine(
  ({ NODE_ENV, JWT_SECRET }) =>
    NODE_ENV !== 'production' || JWT_SECRET.every((secret) => secret.length >= SECRET_CHARACTERS),
  { path: ['JWT_SECRET'], error: `must have at least ${SECRET_CHARACTERS} characters in each of its parts` },
);

const READERS: { readonly [M in Mode]: (env: Environment) => ConfigOf<M> } = {
  embedded(env) {
    const values = parse(EmbeddedEnvironment, env);
    return {
      mode: 'embedded',
      port: values.PORT,
      host: values.HOST,
      data: resolve(values.CODESYNC_DATA),
      publicUrl: values.PUBLIC_URL,
      allowedOrigins: values.ALLOWED_ORIGINS,
      jwtSecrets: values.JWT_SECRET,
      snapshotInterval: values.SNAPSHOT_INTERVAL_MS,
      logLevel: values.LOG_LEVEL,
    };
  },
  api: (env) => ({ mode: 'api', ...readTask(env, 3000) }),
  sync: (env) => ({ mode: 'sync', ...readTask(env, 3001) }),
  migrate(env) {
    const values = parse(DatabaseEnvironment, env);
    return { mode: 'migrate', database: databaseOf(values), logLevel: values.LOG_LEVEL };
  },
};

/**
 * For a process of this kind. Throws StartFailure, one line that names the variable and what is wrong with it. Values stay
 * out of it: some are secrets.
 */
export function readConfig<M extends Mode>(mode: M, env: Environment = process.env): ConfigOf<M> {
  return READERS[mode](env);
}

function readTask(env: Environment, port: number): TaskConfig {
  const values = parse(TaskEnvironment, env);
  return {
    port: values.PORT ?? port,
    host: values.HOST,
    publicUrl: values.PUBLIC_URL,
    allowedOrigins: values.ALLOWED_ORIGINS,
    jwtSecrets: values.JWT_SECRET,
    snapshotInterval: values.SNAPSHOT_INTERVAL_MS,
    logLevel: values.LOG_LEVEL,
    drainWindow: values.DRAIN_WINDOW_MS,
    database: databaseOf(values),
    redis: {
      host: values.REDIS_HOST,
      port: values.REDIS_PORT,
      tls: values.REDIS_TLS,
      cluster: values.REDIS_CLUSTER,
      ...(values.REDIS_PASSWORD === undefined ? {} : { password: values.REDIS_PASSWORD }),
    },
    objects: {
      bucket: values.S3_BUCKET,
      region: values.AWS_REGION,
      forcePathStyle: values.S3_FORCE_PATH_STYLE,
      ...(values.S3_ENDPOINT === undefined ? {} : { endpoint: values.S3_ENDPOINT }),
    },
  };
}

function databaseOf(values: z.infer<typeof DatabaseEnvironment>): PostgresConfig {
  return {
    host: values.DB_HOST,
    port: values.DB_PORT,
    database: values.DB_NAME,
    username: values.DB_USERNAME,
    password: values.DB_PASSWORD,
    ssl: values.DB_SSL ?? values.NODE_ENV === 'production',
  };
}

function parse<Values>(schema: z.ZodType<Values>, env: Environment): Values {
  // Set but empty is how shells and compose files say "not set".
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0]);
  throw new StartFailure(`${name} ${set[name] === undefined ? 'is missing' : (issue?.message ?? 'is wrong')}.`);
}
