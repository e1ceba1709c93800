// `npm run cluster`: the production shape on this machine. One line on stdout says that it is ready; the tasks' logs are on stderr.
import { serve } from '@codesync/runtime';
import { startCluster } from './start-cluster.ts';

await serve('embedded', ({ publicUrl, ...config }, _logger, told) =>
  startCluster({
    ...config,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    environment: { SNAPSHOT_INTERVAL_MS: String(config.snapshotInterval), LOG_LEVEL: config.logLevel },
    restart: true,
    say: (line) => process.stderr.write(`${line}\n`),
    told,
  }),
);
