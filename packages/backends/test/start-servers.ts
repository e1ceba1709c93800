// A process that starts one of everything, says where, and waits to be killed. killed-parent.test.ts starts it.
import { startPostgres, startRedis, startS3 } from '@codesync/backends';
import { stdout } from 'node:process';

const [redis, hanging, persistent, postgres, crashed, s3] = await Promise.all([
  startRedis(),
  startRedis(),
  startRedis({ folder: process.argv[2] ?? '' }),
  startPostgres(),
  startPostgres(),
  startS3(),
]);
const replica = await startRedis({ replicaOf: redis });
hanging.pause();
await crashed.kill();
const ports = [redis, hanging, persistent, replica, postgres].map(({ port }) => port);
stdout.write(`${JSON.stringify({ ports: [...ports, Number(new URL(s3.endpoint).port)] })}\n`);
