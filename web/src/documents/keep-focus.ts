// Where the focus goes when the row that had it leaves the list: to the row that took its place, else to the search box.
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import type { DocumentResponse } from '@codesync/contract';
import { ROW_LINK } from './list-keys.ts';

/** Call the answer with a document before it is made to leave. */
export function useKeepFocus(
  list: RefObject<HTMLElement | null>,
  box: RefObject<HTMLInputElement | null>,
  documents: readonly DocumentResponse[] | undefined,
): (leaving: DocumentResponse) => void {
  const gap = useRef<{ readonly id: string; readonly at: number }>(undefined);

  useEffect(() => {
    const { current } = gap;
    if (current === undefined || documents === undefined) return;
    if (documents.some(({ id }) => id === current.id)) return;
    gap.current = undefined;
    const links = list.current?.querySelectorAll<HTMLElement>(ROW_LINK) ?? [];
    (links[Math.min(current.at, links.length - 1)] ?? box.current)?.focus();
  }, [documents, list, box]);

  return useCallback(
    ({ id }) => {
      gap.current = { id, at: documents?.findIndex((document) => document.id === id) ?? 0 };
    },
    [documents],
  );
}
