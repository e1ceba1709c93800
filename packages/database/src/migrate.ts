// `node packages/database/src/migrate.ts`: brings the database that the environment names up to date.
import { migrate } from '@codesync/runtime';

await migrate();
