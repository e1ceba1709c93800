// The list of documents and one document's row, and what changes them.
import type {
  CreateDocumentRequest,
  DocumentFilter,
  DocumentId,
  DocumentListResponse,
  DocumentResponse,
  UpdateDocumentRequest,
} from '@codesync/contract';
import {
  type InfiniteData,
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
  type UseInfiniteQueryResult,
  useMutation,
  type UseMutationResult,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import { bodyOf, done } from './answers.ts';
import { useApi } from './api-context.tsx';
import { documentKey, LISTS, listKey } from './keys.ts';

type Pages = InfiniteData<DocumentListResponse, string | null>;

/** Newest edit first. While another search is under way the answer to the last one stays. */
export function useDocumentList(
  q: string,
  filter: DocumentFilter,
): UseInfiniteQueryResult<readonly DocumentResponse[]> {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: listKey(q, filter),
    initialPageParam: null as string | null,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      bodyOf(
        api.documents.$get(
          { query: { filter, ...(q === '' ? {} : { q }), ...(pageParam === null ? {} : { cursor: pageParam }) } },
          { init: { signal } },
        ),
      ),
    getNextPageParam: (page) => page.nextCursor,
    select: ({ pages }: Pages) => pages.flatMap((page) => page.items),
  });
}

export function useDocument(id: DocumentId): UseQueryResult<DocumentResponse> {
  const api = useApi();
  return useQuery({
    queryKey: documentKey(id),
    queryFn: () => bodyOf(api.documents[':id'].$get({ param: { id } })),
  });
}

export function useCreateDocument(): UseMutationResult<DocumentResponse, Error, CreateDocumentRequest> {
  const api = useApi();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (json: CreateDocumentRequest) => bodyOf(api.documents.$post({ json })),
    onSuccess: (document) => {
      client.setQueryData(documentKey(document.id), document);
      return staleLists(client);
    },
  });
}

export type DocumentChange = { readonly id: DocumentId } & UpdateDocumentRequest;

/** The new title or language is shown at once, and taken back if the server refuses it. */
export function useUpdateDocument(): UseMutationResult<DocumentResponse, Error, DocumentChange> {
  const api = useApi();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...json }: DocumentChange) => bodyOf(api.documents[':id'].$patch({ param: { id }, json })),
    onMutate: ({ id, ...change }) => {
      const apply = (document: DocumentResponse): DocumentResponse => Object.assign({ ...document }, change);
      changeInLists(client, (items) => items.map((item) => (item.id === id ? apply(item) : item)));
      client.setQueryData<DocumentResponse>(documentKey(id), (document) => document && apply(document));
    },
    onSuccess: (document) => client.setQueryData(documentKey(document.id), document),
    onSettled: (_document, _error, { id }) =>
      Promise.all([staleLists(client), client.invalidateQueries({ queryKey: documentKey(id), exact: true })]),
  });
}

/** Gone from the list at once; back if the server refuses. */
export function useTrashDocument(): UseMutationResult<void, Error, DocumentId> {
  const api = useApi();
  return useLeavingMutation((id) => done(api.documents[':id'].$delete({ param: { id }, query: {} })));
}

export function useDeleteDocument(): UseMutationResult<void, Error, DocumentId> {
  const api = useApi();
  return useLeavingMutation((id) =>
    done(api.documents[':id'].$delete({ param: { id }, query: { permanent: 'true' } })),
  );
}

export function useRestoreDocument(): UseMutationResult<void, Error, DocumentId> {
  const api = useApi();
  return useLeavingMutation(async (id) => {
    await bodyOf(api.documents[':id'].restore.$post({ param: { id } }));
  });
}

/** A change after which the document is no longer in the list that shows it. */
function useLeavingMutation(run: (id: DocumentId) => Promise<void>): UseMutationResult<void, Error, DocumentId> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onMutate: async (id) => {
      await client.cancelQueries({ queryKey: LISTS });
      changeInLists(client, (items) => items.filter((item) => item.id !== id));
    },
    onSettled: (_nothing, _error, id) => {
      client.removeQueries({ queryKey: documentKey(id) });
      return staleLists(client);
    },
  });
}

function changeInLists(
  client: QueryClient,
  change: (items: readonly DocumentResponse[]) => readonly DocumentResponse[],
): void {
  client.setQueriesData<Pages>(
    { queryKey: LISTS },
    (data) => data && { ...data, pages: data.pages.map((page) => ({ ...page, items: change(page.items) })) },
  );
}

function staleLists(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: LISTS });
}
