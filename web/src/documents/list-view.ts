// What part of the list is looked at, kept in the address: `?filter=` and `?q=`. So Back works and a view can be kept as a bookmark.
import type { DocumentFilter } from '@codesync/contract';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'wouter';

/** Milliseconds without a letter after which a search is asked. */
const PAUSE = 200;

export const FILTERS: readonly { readonly filter: DocumentFilter; readonly label: string }[] = [
  { filter: 'all', label: 'All' },
  { filter: 'owned', label: 'Yours' },
  { filter: 'shared', label: 'Shared' },
  { filter: 'trash', label: 'Trash' },
];

export interface ListView {
  readonly filter: DocumentFilter;
  readonly show: (filter: DocumentFilter) => void;
  /** What the list is searched for. */
  readonly q: string;
  /** What stands in the box; `q` follows it. */
  readonly typed: string;
  readonly search: (text: string) => void;
}

export function useListView(): ListView {
  const [params, setParams] = useSearchParams();
  const q = params.get('q') ?? '';
  const filter = filterOf(params.get('filter'));
  const [typed, setTyped] = useState(q);

  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === q) return;
    const timer = setTimeout(() => setParams((now) => withParam(now, 'q', wanted), { replace: true }), PAUSE);
    return () => clearTimeout(timer);
  }, [typed, q, setParams]);

  return {
    filter,
    q,
    typed,
    search: setTyped,
    show: (next) => setParams((now) => withParam(now, 'filter', next === 'all' ? '' : next)),
  };
}

/** The filter that an address names; all documents for anything else. */
export function filterOf(name: string | null): DocumentFilter {
  return FILTERS.find(({ filter }) => filter === name)?.filter ?? 'all';
}

function withParam(params: URLSearchParams, name: string, value: string): URLSearchParams {
  const next = new URLSearchParams(params);
  if (value === '') next.delete(name);
  else next.set(name, value);
  return next;
}
