// Redis over TLS, as REDIS_TLS asks for it: the update log keeps its contract, and a server that nobody vouches for is not talked to.
import { freePort, startRedis, type RedisServer } from '@codesync/backends';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { silentLogger } from '../logger.ts';
import { openRedis, type RedisConfig } from './open-redis.ts';
import { CERTIFICATE, KEY } from './testing/test-certificate.ts';
import { redisUpdateLogContract } from './testing/update-log-contract.ts';

const trusted = getCACertificates();
let folder: string;
let server: RedisServer;
let config: RedisConfig;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codesync-tls-'));
  const files = { 'tls-cert-file': join(folder, 'certificate.pem'), 'tls-key-file': join(folder, 'key.pem') };
  await writeFile(files['tls-cert-file'], CERTIFICATE);
  await writeFile(files['tls-key-file'], KEY);
  const port = await freePort();
  server = await startRedis({ settings: { 'tls-port': String(port), 'tls-auth-clients': 'no', ...files } });
  config = { host: server.host, port, tls: true };
  setDefaultCACertificates([...trusted, CERTIFICATE]);
});
afterAll(async () => {
  setDefaultCACertificates(trusted);
  await server.stop();
  await rm(folder, { recursive: true });
});

redisUpdateLogContract('Redis over TLS', () => config);

it('a server whose certificate nobody vouches for gets no command, and its reason is logged', async () => {
  setDefaultCACertificates(trusted);
  const warn = vi.fn<(fields: object, message: string) => void>();
  const redis = openRedis(config, { logger: { ...silentLogger, warn, error: warn } });
  await vi.waitFor(() => expect(warn).toHaveBeenCalled());
  expect(warn.mock.calls[0]?.[0]).toMatchObject({ error: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
  await expect(redis.check()).rejects.toThrow('Redis cannot be reached');
  await redis.close();
  setDefaultCACertificates([...trusted, CERTIFICATE]);
});
