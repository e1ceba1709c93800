// Line and column of the first cursor; opens "go to line". The one part that follows every key, so it stands alone.
import { type ReactNode, useMemo, useSyncExternalStore } from 'react';
import type { CodeEditor } from '../editor/create-code-editor.ts';
import { StatusButton } from './status-button.tsx';

export function PositionButton({ handle }: { readonly handle: CodeEditor }): ReactNode {
  const store = useMemo(() => positionStore(handle), [handle]);
  const text = useSyncExternalStore(store.subscribe, store.getSnapshot);
  return (
    <StatusButton
      hint="Go to line"
      isMinor
      onPress={() => {
        handle.editor.focus();
        handle.editor.trigger('status bar', 'editor.action.gotoLine', null);
      }}
    >
      <span className="tabular">{text}</span>
    </StatusButton>
  );
}

function positionStore({ editor }: CodeEditor) {
  return {
    getSnapshot: (): string => {
      const selections = editor.getSelections() ?? [];
      if (selections.length > 1) return `${selections.length} cursors`;
      const position = editor.getPosition();
      return `Ln ${position?.lineNumber ?? 1}, Col ${position?.column ?? 1}`;
    },
    subscribe: (listener: () => void): (() => void) => {
      const listening = editor.onDidChangeCursorSelection(listener);
      return () => listening.dispose();
    },
  };
}
