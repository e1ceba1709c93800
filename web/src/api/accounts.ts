// Who I am, and becoming or ceasing to be it.
import { Failure, type LoginRequest, type RegisterRequest, type User } from '@codesync/contract';
import {
  type UseMutationResult,
  useMutation,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import { bodyOf, done } from './answers.ts';
import { useApi } from './api-context.tsx';
import { ME } from './keys.ts';

/** The person who is signed in; null when nobody is. */
export function useMe(): UseQueryResult<User | null> {
  const api = useApi();
  return useQuery({
    queryKey: ME,
    staleTime: 60_000,
    queryFn: async () => {
      try {
        return (await bodyOf(api.auth.me.$get())).user;
      } catch (error) {
        if (error instanceof Failure && error.code === 'not_signed_in') return null;
        throw error;
      }
    },
  });
}

export function useRegister(): UseMutationResult<User, Error, RegisterRequest> {
  const api = useApi();
  const begin = useBeginSession();
  return useMutation({
    mutationFn: async (json: RegisterRequest) => (await bodyOf(api.auth.register.$post({ json }))).user,
    onSuccess: begin,
  });
}

export function useSignIn(): UseMutationResult<User, Error, LoginRequest> {
  const api = useApi();
  const begin = useBeginSession();
  return useMutation({
    mutationFn: async (json: LoginRequest) => (await bodyOf(api.auth.login.$post({ json }))).user,
    onSuccess: begin,
  });
}

/** `onSignedOut` runs before the page learns of it: afterwards a private page would send the person to the sign-in form. */
export function useSignOut(onSignedOut: () => void): UseMutationResult<void, Error, void> {
  const api = useApi();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      try {
        await done(api.auth.logout.$post());
      } catch (error) {
        // Signed out elsewhere already: what was asked for holds.
        if (!(error instanceof Failure && error.code === 'not_signed_in')) throw error;
      }
    },
    onSuccess: () => {
      onSignedOut();
      forgetPerson(client, null);
    },
  });
}

function useBeginSession(): (user: User) => void {
  const client = useQueryClient();
  return (user) => forgetPerson(client, user);
}

/** Nothing that one person saw is shown to the next. */
function forgetPerson(client: ReturnType<typeof useQueryClient>, next: User | null): void {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== ME[0] });
  client.setQueryData(ME, next);
}
