// One open document: the bar on top, the text, the bar at the bottom. Reads from the session only what changes rarely, so
// that typing re-renders none of this.
import { can, type DocumentResponse, effectiveLanguage, type User } from '@codesync/contract';
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { documentKey } from '../api/keys.ts';
import { SkipLink, usePageTitle } from '../app/page.tsx';
import { useTheme } from '../app/theme.tsx';
import { watchPeople } from '../collab/presence.ts';
import type { DocumentSession } from '../collab/session.ts';
import { mayWrite } from '../collab/status.ts';
import { useDocumentSession, useLeaveWarning, useStore } from '../collab/use-document-session.ts';
import type { CodeEditor as EditorHandle } from '../editor/create-code-editor.ts';
import type { EditorTheme } from '../editor/themes.ts';
import { ClosedNotice } from './closed-notice.tsx';
import { DocumentBar } from './document-bar.tsx';
import { DocumentSkeleton, TextSkeleton } from './document-skeleton.tsx';
import { useInspection } from './inspection.ts';
import { StatusBar } from './status-bar.tsx';
import './document.css';

// Asked for when this module is: Monaco is on its way while the socket opens and the text arrives.
const editorModule = import('../editor/code-editor.tsx');
// Should it fail, drawing the editor fails the same way, and the error boundary tells.
editorModule.catch(() => undefined);
const CodeEditor = lazy(async () => ({ default: (await editorModule).CodeEditor }));

export interface DocumentViewProps {
  readonly document: DocumentResponse;
  readonly user: User;
}

export function DocumentView({ document, user }: DocumentViewProps): ReactNode {
  const session = useDocumentSession(document.id, user);
  usePageTitle(document.title);
  useLeaveWarning();
  if (session === undefined) return <DocumentSkeleton />;
  return <OpenDocument document={document} session={session} />;
}

function OpenDocument({ document, session }: { document: DocumentResponse; session: DocumentSession }): ReactNode {
  const theme = useEditorTheme();
  const [handle, setHandle] = useState<EditorHandle>();
  const here = useMemo(() => watchPeople(session.awareness, session.user), [session]);
  const people = useSyncExternalStore(here.subscribe, here.getSnapshot);
  const isReady = useStore(session.facts, (facts) => facts.ready);
  const isWritable = useStore(session.facts, mayWrite);
  const isLive = useStore(session.facts, (facts) => facts.link === 'open');
  const isClosed = useStore(session.facts, (facts) => facts.link === 'closed');
  const role = useStore(session.facts, (facts) => facts.role) ?? document.role;
  useFreshDocument(document, role);
  useInspection(session, handle);

  const language = effectiveLanguage(document.language, document.title);
  const others = people.filter(({ isYou }) => !isYou).length;
  const company =
    others === 0 ? 'nobody else is here' : others === 1 ? '1 other person is here' : `${others} others are here`;

  return (
    <div className="document">
      <SkipLink />
      <DocumentBar document={document} role={role} people={people} isLive={isLive} session={session} handle={handle} />
      {isClosed && <ClosedNotice session={session} />}
      <main id="content" className="document__text" tabIndex={-1}>
        <h1 className="visually-hidden">{document.title}</h1>
        <Suspense fallback={<TextSkeleton />}>
          {isReady || isClosed ? (
            <CodeEditor
              session={session}
              language={language}
              theme={theme}
              label={`${document.title}, ${company}. Esc, then Tab leaves the text.`}
              isReadOnly={!isWritable || !can(role, 'write')}
              isStale={!isLive}
              onEditor={setHandle}
            />
          ) : (
            <TextSkeleton />
          )}
        </Suspense>
      </main>
      <StatusBar document={document} role={role} people={people} session={session} handle={handle} />
    </div>
  );
}

function useEditorTheme(): EditorTheme {
  const { scheme, isHighContrast } = useTheme();
  if (isHighContrast) return scheme === 'dark' ? 'hc-black' : 'hc-light';
  return scheme === 'dark' ? 'codesync-dark' : 'codesync-light';
}

/** The socket hears of a role change first: what the API said before is stale then. */
function useFreshDocument(document: DocumentResponse, role: string): void {
  const client = useQueryClient();
  useEffect(() => {
    if (role !== document.role) void client.invalidateQueries({ queryKey: documentKey(document.id) });
  }, [client, document.id, document.role, role]);
}
