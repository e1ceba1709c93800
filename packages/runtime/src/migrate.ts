// The life of the process that migrates the database: configure, wait for the database, migrate, say so, exit.
import { migrateToLatest, openPostgres } from '@codesync/database';
import { systemClock } from '@codesync/storage';
import { untilAnswers } from './await-backends.ts';
import { postgresBackend } from './backends.ts';
import { readConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { refuseStart } from './refuse-start.ts';

/** The code is 0 when the database is up to date, whoever brought it there; 1 and one line on stderr when it can't be. */
export async function migrate(): Promise<void> {
  try {
    const config = readConfig('migrate');
    const logger = createLogger(config.logLevel);
    const database = openPostgres(config.database, logger);
    await untilAnswers([postgresBackend(config.database, database)], { clock: systemClock, logger });
    const ran = await migrateToLatest(database.db);
    await database.close();
    const done = ran.length === 0 ? 'had nothing to do' : `has run ${ran.join(', ')}`;
    process.stdout.write(`CodeSync migrate ${done}: the database is up to date.\n`);
  } catch (error) {
    refuseStart('CodeSync migrate', error);
  }
}
