// The thin React edge of the editor: made once for a session, told of changes, never re-rendered by typing.
import { type ReactNode, useEffect, useRef } from 'react';
import type { DocumentSession } from '../collab/session.ts';
import { type CodeEditor as Handle, type CodeEditorOptions, createCodeEditor } from './create-code-editor.ts';

export interface CodeEditorProps extends CodeEditorOptions {
  readonly session: DocumentSession;
  /** What others' cursors show may be old: the link is down. */
  readonly isStale: boolean;
  /** The editor when it is there, undefined when it is gone. */
  readonly onEditor: (handle: Handle | undefined) => void;
}

export function CodeEditor({
  session,
  language,
  theme,
  label,
  isReadOnly,
  isStale,
  onEditor,
}: CodeEditorProps): ReactNode {
  const container = useRef<HTMLDivElement>(null);
  const handle = useRef<Handle>(undefined);
  const options = useRef<CodeEditorOptions>({ language, theme, label, isReadOnly });

  useEffect(() => {
    if (container.current === null) return;
    const created = createCodeEditor(container.current, session, options.current);
    handle.current = created;
    onEditor(created);
    // Not out of a title that is being edited.
    if (document.activeElement === document.body) created.editor.focus();
    return () => {
      onEditor(undefined);
      handle.current = undefined;
      created.dispose();
    };
  }, [session, onEditor]);

  useEffect(() => {
    options.current = { language, theme, label, isReadOnly };
    handle.current?.update(options.current);
  }, [language, theme, label, isReadOnly]);

  return <div className="code-editor" ref={container} data-presence={isStale ? 'stale' : 'live'} />;
}
