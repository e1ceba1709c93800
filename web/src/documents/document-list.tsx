// The rows, and what stands in their place while they load, when there are none, and when they cannot be had.
import type { DocumentFilter, DocumentResponse } from '@codesync/contract';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { messageOf } from '../api/answers.ts';
import { Button } from '../ui/button.tsx';
import type { DocumentActions } from './document-actions.ts';
import { DocumentRow, DocumentRowSkeleton } from './document-row.tsx';
import { EmptyList } from './empty-list.tsx';

export interface DocumentListProps {
  readonly answer: UseInfiniteQueryResult<readonly DocumentResponse[]>;
  readonly filter: DocumentFilter;
  readonly q: string;
  readonly actions: DocumentActions;
  readonly onDelete: (document: DocumentResponse) => void;
  readonly onShowAll: () => void;
}

/** Titles are not equally long. */
const SKELETON = ['42%', '28%', '56%', '34%', '48%', '24%', '38%', '52%'];

export function DocumentList({ answer, filter, q, actions, onDelete, onShowAll }: DocumentListProps): ReactNode {
  const documents = answer.data;
  if (documents === undefined) {
    return answer.isError ? <ListError answer={answer} /> : <ListSkeleton />;
  }
  if (documents.length === 0) {
    // The old answer to another search says nothing about this one.
    return answer.isPlaceholderData ? <ListSkeleton /> : <EmptyList filter={filter} q={q} onShowAll={onShowAll} />;
  }
  return (
    <>
      {answer.isError && <StaleNotice answer={answer} />}
      <ul className="rows" aria-label="Documents" aria-busy={answer.isPlaceholderData}>
        {documents.map((document) => (
          <DocumentRow key={document.id} document={document} actions={actions} onDelete={onDelete} />
        ))}
        {answer.isFetchingNextPage && <DocumentRowSkeleton width="36%" />}
      </ul>
      {answer.hasNextPage && <MoreRows answer={answer} />}
    </>
  );
}

function ListSkeleton(): ReactNode {
  return (
    <ul className="rows" aria-label="Documents" aria-busy="true">
      {SKELETON.map((width) => (
        <DocumentRowSkeleton key={width} width={width} />
      ))}
    </ul>
  );
}

interface AnswerProps {
  readonly answer: UseInfiniteQueryResult<readonly DocumentResponse[]>;
}

function ListError({ answer }: AnswerProps): ReactNode {
  return (
    <div className="list-notice" role="alert">
      <h2 className="list-notice__heading">The list cannot be loaded</h2>
      <p>{messageOf(answer.error)} Your documents are safe.</p>
      <Button onPress={() => void answer.refetch()} isPending={answer.isFetching}>
        Try again
      </Button>
    </div>
  );
}

function StaleNotice({ answer }: AnswerProps): ReactNode {
  return (
    <div className="stale-notice" role="alert">
      <span>This list may be out of date. {messageOf(answer.error)}</span>
      <Button variant="quiet" onPress={() => void answer.refetch()} isPending={answer.isFetching}>
        Try again
      </Button>
    </div>
  );
}

/** How far below the screen, in pixels, the next page is asked for. */
const AHEAD = 600;

/** Asks for the next page when it comes near the screen; a button for everyone whom scrolling does not reach. */
function MoreRows({ answer }: AnswerProps): ReactNode {
  const end = useRef<HTMLDivElement>(null);
  const { fetchNextPage, isFetchingNextPage, isFetchNextPageError } = answer;

  useEffect(() => {
    if (end.current === null || isFetchingNextPage || isFetchNextPageError) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) void fetchNextPage();
      },
      { rootMargin: `${AHEAD}px` },
    );
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [fetchNextPage, isFetchingNextPage, isFetchNextPageError]);

  return (
    <div className="more-rows" ref={end}>
      <Button variant="quiet" onPress={() => void fetchNextPage()} isPending={isFetchingNextPage}>
        Show more
      </Button>
    </div>
  );
}
