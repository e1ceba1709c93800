// `npm start`: everything in one process. One line on stdout says that it is ready; the log is on stderr.
import { serve } from '@codesync/runtime';
import { startStandalone } from './standalone.ts';

await serve('embedded', (config, logger) => startStandalone(config, { logger }));
