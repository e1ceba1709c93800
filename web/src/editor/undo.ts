// Undo that is mine alone (R22): a Y.UndoManager behind Monaco's own undo and redo, so that keys, palette and menus reach it.
// Monaco's stack holds other people's edits too, and would take them back.
import type { IDisposable } from 'monaco-editor/editor';
import * as Y from 'yjs';
import { fromRelative, type OffsetSelection, offsetSelections, toRelative } from './relative-selections.ts';
import { editor } from './monaco.ts';
import type { MonacoBinding } from './monaco-binding.ts';

/** Typing without such a pause is one step. */
const CAPTURE_TIMEOUT = 500;

/** A change of this many characters (a paste, a format) is a step of its own. */
const LARGE_CHANGE = 20;

const SELECTIONS = Symbol('selections before the change');

export interface Undo extends IDisposable {
  readonly manager: Y.UndoManager;
}

interface Undoable {
  undo(): void;
  redo(): void;
  canUndo(): boolean;
  canRedo(): boolean;
}

/** Also the model's own `undo`, `redo`, `canUndo` and `canRedo`, until it is disposed. */
export function createUndo(binding: MonacoBinding): Undo {
  const { ytext, monacoModel, editors, doc } = binding;
  const manager = new Y.UndoManager(ytext, { trackedOrigins: new Set([binding]), captureTimeout: CAPTURE_TIMEOUT });
  const codeEditor = (): editor.IStandaloneCodeEditor | undefined =>
    [...editors].find((one) => one.hasTextFocus()) ?? [...editors][0];

  /** Where the cursors were in the text as it is now; cursor events come after edits, so during one these are from before. */
  let offsets: OffsetSelection[] = [];
  let before: readonly unknown[] = [];

  function look(): void {
    const shown = codeEditor();
    if (shown?.getModel() === monacoModel) offsets = offsetSelections(shown, monacoModel);
  }

  function whenBegun(transaction: Y.Transaction): void {
    if (isMine(transaction)) before = offsets.map((selection) => toRelative(ytext, selection));
  }

  function whenSettled(_doc: Y.Doc, transactions: readonly Y.Transaction[]): void {
    if (transactions.some((transaction) => transaction.origin !== binding)) look();
  }

  const isMine = ({ origin }: Y.Transaction): boolean => origin === binding || origin === manager;

  manager.on('stack-item-added', ({ stackItem }) => stackItem.meta.set(SELECTIONS, before));
  manager.on('stack-item-popped', ({ stackItem }) => {
    const saved: unknown = stackItem.meta.get(SELECTIONS);
    const found = Array.isArray(saved) ? saved.map((selection) => fromRelative(ytext, selection)) : [];
    const shown = codeEditor();
    if (shown?.getModel() !== monacoModel) return;
    const selections = found
      .filter((selection) => selection !== undefined)
      .map(({ anchor, head }) => {
        const start = monacoModel.getPositionAt(anchor);
        const position = monacoModel.getPositionAt(head);
        return {
          selectionStartLineNumber: start.lineNumber,
          selectionStartColumn: start.column,
          positionLineNumber: position.lineNumber,
          positionColumn: position.column,
        };
      });
    if (selections.length === 0) return;
    shown.setSelections(selections, 'undo');
    shown.revealPositionInCenterIfOutsideViewport({
      lineNumber: selections[0]?.positionLineNumber ?? 1,
      column: selections[0]?.positionColumn ?? 1,
    });
  });

  doc.on('beforeTransaction', whenBegun);
  doc.on('afterAllTransactions', whenSettled);
  const stopWatching = binding.onLocalEdit((size) => {
    if (size > LARGE_CHANGE) manager.stopCapturing();
  });
  const listeners = [...editors].flatMap((one) => [
    one.onDidChangeCursorSelection((event) => {
      look();
      // Arrow keys and clicks, not typing.
      if (event.reason === editor.CursorChangeReason.Explicit) manager.stopCapturing();
    }),
    one.onDidPaste(() => manager.stopCapturing()),
    one.onDidBlurEditorText(() => manager.stopCapturing()),
  ]);
  look();
  const restore = replaceUndo(monacoModel, {
    undo: () => void manager.undo(),
    redo: () => void manager.redo(),
    canUndo: () => manager.canUndo(),
    canRedo: () => manager.canRedo(),
  });

  return {
    manager,
    dispose() {
      restore();
      stopWatching();
      for (const listener of listeners) listener.dispose();
      doc.off('beforeTransaction', whenBegun);
      doc.off('afterAllTransactions', whenSettled);
      manager.destroy();
    },
  };
}

/** Own properties hide the prototype's methods; deleting them brings those back. */
function replaceUndo(model: editor.ITextModel, undoable: Undoable): () => void {
  const keys = ['undo', 'redo', 'canUndo', 'canRedo'] as const;
  for (const key of keys) Object.defineProperty(model, key, { value: undoable[key], configurable: true });
  return () => {
    for (const key of keys) Reflect.deleteProperty(model, key);
  };
}
