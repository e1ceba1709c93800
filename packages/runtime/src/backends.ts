// The backends of a task as its start sees them: how they are asked, and which of their failures only another configuration mends.
import { pendingMigrations, type OpenDatabase, type PostgresConfig } from '@codesync/database';
import type { ObjectStore } from '@codesync/storage';
import type { EventEmitter } from 'node:events';
import type { Backend } from './await-backends.ts';
import type { TaskConfig } from './config.ts';
import { causesOf, errnoOf } from './start-failure.ts';

/** By what its failures have in their codes, names or messages: the first that matches is the sentence. */
type Refusals = readonly (readonly [sign: RegExp, sentence: string])[];

/** What Node says of a certificate that it does not trust. */
const UNTRUSTED = /SELF_SIGNED_CERT|UNABLE_TO_(VERIFY|GET)|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|CERT_ALTNAME_INVALID/;
const TRUST = 'NODE_EXTRA_CA_CERTS names a file with more authorities';

export function postgresBackend(config: PostgresConfig, database: OpenDatabase): Backend {
  const name = `Postgres at ${config.host}:${config.port}`;
  return backend({
    name,
    variables: 'DB_HOST and DB_PORT say where it is',
    check: () => database.check(),
    refusals: [
      [/^3D000$/, `There is no database ${config.database} in ${name}; DB_NAME names another one.`],
      [/no encryption|SSL off/, `${name} takes encrypted connections only; DB_SSL=true encrypts.`],
      [/^28P01$|^28000$/, `${name} refuses DB_USERNAME and DB_PASSWORD.`],
      [/does not support SSL/, `${name} does not encrypt; DB_SSL=false goes without.`],
      [UNTRUSTED, `The certificate of ${name} is not trusted; ${TRUST}, DB_SSL=false goes without.`],
    ],
  });
}

/** The tables are another process's to make. */
export function migratedBackend(config: PostgresConfig, database: OpenDatabase): Backend {
  const name = `The database ${config.database} at ${config.host}:${config.port}`;
  return backend({
    name,
    variables: 'DB_HOST, DB_PORT and DB_NAME say where it is',
    async check() {
      const pending = await pendingMigrations(database.db);
      if (pending.length > 0) throw new Error(`pending: ${pending.join(', ')}`);
    },
    refusals: [[/^pending: /, `${name} is not up to date; node packages/database/src/migrate.ts brings it there.`]],
  });
}

interface Redis {
  readonly commands: Pick<EventEmitter, 'on'>;
  check(): Promise<void>;
}

export function redisBackend(config: TaskConfig['redis'], redis: Redis): Backend {
  const name = `Redis at ${config.host}:${config.port}`;
  // A command only says that there is no connection; why there is none, the connection itself says.
  let reason: unknown;
  for (const event of ['error', 'node error'])
    redis.commands.on(event, (error: unknown) => (reason = nodeError(error)));
  return backend({
    name,
    variables: 'REDIS_HOST, REDIS_PORT and REDIS_TLS say how it is reached',
    check: () =>
      redis.check().catch((failure: unknown) => {
        throw new Error('Redis does not answer', { cause: reason ?? failure });
      }),
    refusals: [
      [/NOAUTH|WRONGPASS|invalid password/, `${name} refuses REDIS_PASSWORD.`],
      [/cluster support disabled/, `${name} is no Redis Cluster; REDIS_CLUSTER=false is for a single server.`],
      [/^MOVED /, `${name} is a node of a Redis Cluster; REDIS_CLUSTER=true is for those.`],
      [UNTRUSTED, `The certificate of ${name} is not trusted; ${TRUST}.`],
    ],
  });
}

export function objectBackend(config: TaskConfig['objects'], objects: ObjectStore): Backend {
  const name = `S3${config.endpoint === undefined ? ` in ${config.region}` : ` at ${config.endpoint}`}`;
  return backend({
    name,
    variables: 'S3_ENDPOINT and AWS_REGION say where it is',
    check: () => objects.check(),
    refusals: [
      [/^NoSuchBucket$|^NotFound$/, `There is no bucket ${config.bucket} in ${name}; S3_BUCKET names another one.`],
      [/^PermanentRedirect$|^301$/, `The bucket ${config.bucket} is in another region; AWS_REGION names it.`],
      [
        /^CredentialsProviderError$/,
        `There are no credentials for ${name}; AWS_ACCESS_KEY_ID is one of the ways to give some.`,
      ],
      [
        /^AccessDenied$|^Forbidden$|^InvalidAccessKeyId$|^SignatureDoesNotMatch$|^403$/,
        `${name} gives these credentials no access to the bucket ${config.bucket}.`,
      ],
    ],
  });
}

/** Of a cluster of which no node gives an answer: what the last one said. */
function nodeError(error: unknown): unknown {
  return error instanceof Error && 'lastNodeError' in error ? error.lastNodeError : error;
}

function backend({ refusals, ...rest }: Omit<Backend, 'refusal'> & { readonly refusals: Refusals }): Backend {
  return {
    ...rest,
    refusal(error) {
      const signs = causesOf(error).flatMap(signsOf);
      return refusals.find(([sign]) => signs.some((text) => sign.test(text)))?.[1];
    },
  };
}

function signsOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  return [errnoOf(error) ?? '', error.name, error.message];
}
