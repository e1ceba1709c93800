// Brings the line where somebody's caret is into view, without moving one's own.
import { statedUser } from '../collab/presence.ts';
import type { DocumentSession } from '../collab/session.ts';
import type { CodeEditor } from './create-code-editor.ts';
import { selectionsOf } from './relative-selections.ts';

/** False when that person has no caret in the text. */
export function revealPerson({ editor, model }: CodeEditor, session: DocumentSession, userId: string): boolean {
  for (const [client, state] of session.awareness.getStates()) {
    if (statedUser(state, client).id !== userId) continue;
    const selection = selectionsOf(session.text, state)[0];
    if (selection === undefined) continue;
    editor.revealPositionInCenterIfOutsideViewport(model.getPositionAt(selection.head));
    return true;
  }
  return false;
}
