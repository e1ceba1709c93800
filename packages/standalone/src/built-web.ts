// The web app as it was built into web/dist.
import { StartFailure } from '@codesync/runtime';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openWebFiles, type RequestHandler } from './web-files.ts';

const BUILT_WEB = fileURLToPath(new URL('../../../web/dist', import.meta.url));

/** Throws StartFailure when it is not there. */
export async function openBuiltWeb(): Promise<RequestHandler> {
  if (!existsSync(BUILT_WEB)) throw new StartFailure('The web app is not built; npm start builds it.');
  return openWebFiles(BUILT_WEB);
}
