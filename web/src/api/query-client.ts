// How answers of the API are kept: what is tried again, and what a session that ended does to the page.
import { Failure } from '@codesync/contract';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { Unreachable } from './answers.ts';
import { ME } from './keys.ts';

const RETRIES = 2;

/** Milliseconds in which an answer is taken for fresh. */
const FRESH = 10_000;

export function createQueryClient(): QueryClient {
  const noticeSignOut = (error: unknown): void => {
    if (error instanceof Failure && error.code === 'not_signed_in') client.setQueryData(ME, null);
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: noticeSignOut }),
    mutationCache: new MutationCache({ onError: noticeSignOut }),
    defaultOptions: {
      // 'always': a browser that believes itself offline would wait for ever instead of saying so.
      queries: { networkMode: 'always', staleTime: FRESH, retry: isWorthRetrying },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}

/** What the server refused, it refuses again. */
export function isWorthRetrying(failures: number, error: unknown): boolean {
  if (failures >= RETRIES) return false;
  return error instanceof Unreachable || (error instanceof Failure && error.code === 'unavailable');
}
