// Who may do what with one document.
import type { DocumentId, MemberResponse, PutMemberRequest, Role, UserId } from '@codesync/contract';
import {
  type QueryClient,
  useMutation,
  type UseMutationResult,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import { bodyOf, done } from './answers.ts';
import { useApi } from './api-context.tsx';
import { documentKey, LISTS, membersKey } from './keys.ts';

export function useMembers(id: DocumentId): UseQueryResult<readonly MemberResponse[]> {
  const api = useApi();
  return useQuery({
    queryKey: membersKey(id),
    queryFn: async () => (await bodyOf(api.documents[':id'].members.$get({ param: { id } }))).items,
  });
}

export function useAddMember(id: DocumentId): UseMutationResult<MemberResponse, Error, PutMemberRequest> {
  const api = useApi();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (json: PutMemberRequest) => bodyOf(api.documents[':id'].members.$put({ param: { id }, json })),
    onSettled: () => staleMembers(client, id),
  });
}

export function useChangeRole(
  id: DocumentId,
): UseMutationResult<MemberResponse, Error, { readonly userId: UserId; readonly role: Role }> {
  const api = useApi();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ userId, role }) =>
      bodyOf(api.documents[':id'].members[':userId'].$patch({ param: { id, userId }, json: { role } })),
    onSettled: () => staleMembers(client, id),
  });
}

/** Also how a person leaves. */
export function useRemoveMember(id: DocumentId): UseMutationResult<void, Error, UserId> {
  const api = useApi();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (userId: UserId) => done(api.documents[':id'].members[':userId'].$delete({ param: { id, userId } })),
    onSettled: () => staleMembers(client, id),
  });
}

function staleMembers(client: QueryClient, id: DocumentId): Promise<unknown> {
  return Promise.all([
    client.invalidateQueries({ queryKey: documentKey(id) }),
    client.invalidateQueries({ queryKey: LISTS }),
  ]);
}
