// A warning that may come very often: logged when it begins, and then now and then.
import type { Logger } from '../logger.ts';

/** In ms. */
const REPEAT = 30_000;

/** `times` says how often it came since it was logged before, this time included. */
export function createBoundedWarning(
  logger: Logger,
  message: string,
): (fields: Readonly<Record<string, unknown>>) => void {
  let logged = -Infinity;
  let times = 0;
  return (fields) => {
    times += 1;
    if (performance.now() - logged < REPEAT) return;
    logger.warn({ ...fields, times }, message);
    logged = performance.now();
    times = 0;
  };
}
