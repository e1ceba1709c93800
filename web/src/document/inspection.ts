// `codesync` on the page's global object: what support and checks read to compare the text on screen with the shared one.
// Functions that read; nothing here changes anything or tells more than the page shows.
import { useEffect } from 'react';
import type { DocumentSession } from '../collab/session.ts';
import { type SaveStatus, statusOf } from '../collab/status.ts';
import type { CodeEditor } from '../editor/create-code-editor.ts';

interface Inspection {
  /** The shared text. */
  text(): string;
  /** The text in the editor; the same as the shared one, always (R21). */
  modelText(): string;
  status(): SaveStatus;
}

declare global {
  var codesync: Inspection | undefined;
}

export function useInspection(session: DocumentSession, handle: CodeEditor | undefined): void {
  useEffect(() => {
    if (handle === undefined) return;
    const inspection: Inspection = Object.freeze({
      text: () => session.text.toString(),
      modelText: () => handle.model.getValue(),
      status: () => statusOf(session.facts.getSnapshot()),
    });
    globalThis.codesync = inspection;
    return () => {
      if (globalThis.codesync === inspection) globalThis.codesync = undefined;
    };
  }, [session, handle]);
}
