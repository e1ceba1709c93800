// Tells sync-server about a change that is already made.
import type { Notice } from '@codesync/storage';
import type { ApiDeps } from '../deps.ts';

/**
 * A notice is a hint to look at the truth again, and the truth has changed: a bus that is down must not make the change look
 * undone. So this never rejects.
 */
export async function announce(
  { notices, logger }: Pick<ApiDeps, 'notices' | 'logger'>,
  notice: Notice,
): Promise<void> {
  await notices.publish(notice).catch((err: unknown) => {
    logger.error({ err, notice }, 'a notice was not published');
  });
}
