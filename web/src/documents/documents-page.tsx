// The list of documents: find one, make one, tidy up.
import type { DocumentResponse } from '@codesync/contract';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { AccountMenu } from '../accounts/account-menu.tsx';
import { useDocumentList } from '../api/documents.ts';
import { Content, PageHeading, SkipLink, usePageTitle } from '../app/page.tsx';
import { TopBar } from '../app/top-bar.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { useAnnounce } from '../ui/announcer.tsx';
import { type DocumentActions, useDocumentActions } from './document-actions.ts';
import { DocumentList } from './document-list.tsx';
import { useKeepFocus } from './keep-focus.ts';
import { moveBetweenRows, useSlashKey } from './list-keys.ts';
import { FILTERS, filterOf, useListView } from './list-view.ts';
import { NewDocumentButton } from './new-document-button.tsx';
import './documents.css';

export function DocumentsPage(): ReactNode {
  usePageTitle('Documents');
  const view = useListView();
  const answer = useDocumentList(view.q, view.filter);
  const [doomed, setDoomed] = useState<DocumentResponse>();
  const box = useRef<HTMLInputElement>(null);
  const area = useRef<HTMLDivElement>(null);
  const leaves = useKeepFocus(area, box, answer.data);
  const actions = withLeaving(useDocumentActions(), leaves);
  useSlashKey(box);
  useFoundAnnouncement(view.q, answer.isPlaceholderData ? undefined : answer.data?.length, answer.hasNextPage);

  return (
    <>
      <SkipLink />
      <TopBar>
        <AccountMenu />
      </TopBar>
      <Content className="documents">
        <div className="documents__head">
          <PageHeading>Documents</PageHeading>
          <NewDocumentButton />
        </div>
        {/* The keys bubble up from the box and the links in it, which are what is focused. */}
        {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
        <div ref={area} onKeyDown={(event) => moveBetweenRows(event, box.current)}>
          <div className="documents__tools">
            <SearchField
              label="Search documents"
              shortcut="/"
              value={view.typed}
              onChange={view.search}
              maxLength={200}
              inputRef={box}
            />
            <ToggleButtonGroup
              className="filters"
              aria-label="Show"
              selectionMode="single"
              disallowEmptySelection
              selectedKeys={[view.filter]}
              onSelectionChange={(keys) => view.show(filterOf([...keys].map(String)[0] ?? null))}
            >
              {FILTERS.map(({ filter, label }) => (
                <ToggleButton key={filter} id={filter} className="filters__item">
                  {label}
                </ToggleButton>
              ))}
            </ToggleButtonGroup>
          </div>
          <DocumentList
            answer={answer}
            filter={view.filter}
            q={view.q}
            actions={actions}
            onDelete={setDoomed}
            onShowAll={() => {
              view.search('');
              view.show('all');
            }}
          />
        </div>
      </Content>
      <ConfirmDialog
        title={`Delete “${doomed?.title ?? ''}” for good?`}
        action="Delete for good"
        isOpen={doomed !== undefined}
        onClose={() => setDoomed(undefined)}
        onConfirm={() => {
          if (doomed !== undefined) actions.deleteForGood(doomed);
          setDoomed(undefined);
        }}
      >
        Its text and its history go with it, for everyone. This cannot be undone.
      </ConfirmDialog>
    </>
  );
}

/** The actions after which a row is gone, announced before they run. */
function withLeaving(actions: DocumentActions, leaves: (document: DocumentResponse) => void): DocumentActions {
  const leaving =
    (run: (document: DocumentResponse) => void) =>
    (document: DocumentResponse): void => {
      leaves(document);
      run(document);
    };
  return {
    ...actions,
    trash: leaving(actions.trash),
    restore: leaving(actions.restore),
    deleteForGood: leaving(actions.deleteForGood),
  };
}

/** Tells people who do not see the rows change what a search came to. `count` is undefined while it is under way. */
function useFoundAnnouncement(q: string, count: number | undefined, hasMore: boolean): void {
  const announce = useAnnounce();
  useEffect(() => {
    if (q === '' || count === undefined) return;
    announce(`${count}${hasMore ? ' or more' : ''} ${count === 1 ? 'document' : 'documents'} found`);
  }, [announce, q, count, hasMore]);
}
