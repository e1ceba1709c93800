// A list with nothing in it: why, and what to do.
import type { DocumentFilter } from '@codesync/contract';
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';

export interface EmptyListProps {
  readonly filter: DocumentFilter;
  readonly q: string;
  readonly onShowAll: () => void;
}

const WORDS: Readonly<Record<DocumentFilter, { readonly heading: string; readonly text: string }>> = {
  all: { heading: 'No documents yet', text: 'Press “New document” and write. Everything is saved as you type.' },
  owned: { heading: 'You own no documents', text: 'Those that you create are yours.' },
  shared: { heading: 'Nothing is shared with you', text: 'Documents to which others add you appear here.' },
  trash: { heading: 'The trash is empty', text: 'What you move here can be restored.' },
};

export function EmptyList({ filter, q, onShowAll }: EmptyListProps): ReactNode {
  if (q === '') {
    return (
      <div className="list-notice">
        <h2 className="list-notice__heading">{WORDS[filter].heading}</h2>
        <p>{WORDS[filter].text}</p>
      </div>
    );
  }
  return (
    <div className="list-notice">
      <h2 className="list-notice__heading">Nothing matches “{q}”</h2>
      <p>Titles are searched, in this part of the list.</p>
      <Button onPress={onShowAll}>Show all documents</Button>
    </div>
  );
}
