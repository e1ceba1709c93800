// Tells the others where my cursors are: all of them as `selections`, the first one also as `selection`, which y-monaco's
// clients read.
import type { editor, IDisposable } from 'monaco-editor/editor';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { type Cancel, type Clock, systemClock } from '../collab/clock.ts';
import { offsetSelections, toRelative } from './relative-selections.ts';

/** 20 times a second looks fluent with gliding; more only costs everybody else. */
const EVERY = 50;
const EVERY_IN_A_CROWD = 250;
const CROWD = 25;

export interface SelectionPublisher extends IDisposable {
  /** The text moved under the cursors. */
  touch(): void;
}

export function createSelectionPublisher(
  codeEditor: editor.ICodeEditor,
  text: Y.Text,
  awareness: Awareness,
  clock: Clock = systemClock,
): SelectionPublisher {
  let said = '';
  let cancel: Cancel | undefined;

  function publish(): void {
    cancel = undefined;
    const model = codeEditor.getModel();
    const state = awareness.getLocalState();
    if (model === null || state === null) return;
    const selections = offsetSelections(codeEditor, model).map((selection) => toRelative(text, selection));
    const next = JSON.stringify(selections);
    if (next === said) return;
    said = next;
    awareness.setLocalState({ ...state, selections, selection: selections[0] ?? null });
  }

  function touch(): void {
    cancel ??= clock.after(awareness.getStates().size > CROWD ? EVERY_IN_A_CROWD : EVERY, publish);
  }

  const listeners = [codeEditor.onDidChangeCursorSelection(touch), codeEditor.onDidFocusEditorText(touch)];
  return {
    touch,
    dispose() {
      cancel?.();
      for (const listener of listeners) listener.dispose();
      const state = awareness.getLocalState();
      if (state !== null) awareness.setLocalState({ ...state, selections: [], selection: null });
    },
  };
}
