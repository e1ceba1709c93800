// What a person sees and has selected, held in place while other people's edits go in (R22): all cursors, selections, and
// the line they look at. Monaco's own tracking lets an insertion push the caret that stands exactly there, and lets the
// text slide away when lines come in above.
import type { IPosition } from 'monaco-editor/editor';
import { editor } from './monaco.ts';
import { moveOffset, type TextEdit } from './text-edits.ts';

export interface HeldView {
  /** Called with each change of the model, in order. */
  follow(edits: readonly TextEdit[]): void;
  restore(): void;
}

interface HeldSelection {
  anchor: number;
  head: number;
}

interface HeldScroll {
  offset: number;
  readonly side: 'before' | 'after';
  /** Pixels from the top of the view. */
  readonly top: number;
}

export function holdView(codeEditor: editor.ICodeEditor, model: editor.ITextModel): HeldView {
  const selections = (codeEditor.getSelections() ?? []).map((selection): HeldSelection => ({
    anchor: model.getOffsetAt({
      lineNumber: selection.selectionStartLineNumber,
      column: selection.selectionStartColumn,
    }),
    head: model.getOffsetAt({ lineNumber: selection.positionLineNumber, column: selection.positionColumn }),
  }));
  const scroll = holdScroll(codeEditor, model);

  return {
    follow(edits) {
      for (const selection of selections) moveSelection(selection, edits);
      if (scroll !== undefined) scroll.offset = moveOffset(scroll.offset, edits, scroll.side);
    },
    restore() {
      restoreSelections(codeEditor, model, selections);
      if (scroll === undefined) return;
      const top = topOf(codeEditor, model.getPositionAt(scroll.offset)) - scroll.top;
      if (top !== codeEditor.getScrollTop()) codeEditor.setScrollTop(top, editor.ScrollType.Immediate);
    },
  };
}

/** A caret stays before what is inserted at it; a selection holds exactly the characters that it held. */
function moveSelection(selection: HeldSelection, edits: readonly TextEdit[]): void {
  const { anchor, head } = selection;
  selection.anchor = moveOffset(anchor, edits, anchor < head ? 'after' : 'before');
  selection.head = moveOffset(head, edits, head < anchor ? 'after' : 'before');
}

function restoreSelections(
  codeEditor: editor.ICodeEditor,
  model: editor.ITextModel,
  held: readonly HeldSelection[],
): void {
  const wanted = held.map(({ anchor, head }) => {
    const start = model.getPositionAt(anchor);
    const position = model.getPositionAt(head);
    return {
      selectionStartLineNumber: start.lineNumber,
      selectionStartColumn: start.column,
      positionLineNumber: position.lineNumber,
      positionColumn: position.column,
    };
  });
  const actual = codeEditor.getSelections() ?? [];
  const isSame =
    actual.length === wanted.length &&
    wanted.every(
      (selection, index) =>
        selection.selectionStartLineNumber === actual[index]?.selectionStartLineNumber &&
        selection.selectionStartColumn === actual[index]?.selectionStartColumn &&
        selection.positionLineNumber === actual[index]?.positionLineNumber &&
        selection.positionColumn === actual[index]?.positionColumn,
    );
  // Setting selections tells every listener: only when Monaco's own tracking was wrong.
  if (!isSame && wanted.length > 0) codeEditor.setSelections(wanted, 'remote');
}

/** The caret's line if it is in view, else the first visible line; nothing in an empty text, which is about to be filled. */
function holdScroll(codeEditor: editor.ICodeEditor, model: editor.ITextModel): HeldScroll | undefined {
  const firstLine = codeEditor.getVisibleRanges()[0]?.startLineNumber;
  const lastLine = codeEditor.getVisibleRanges().at(-1)?.endLineNumber;
  if (firstLine === undefined || lastLine === undefined || model.getValueLength() === 0) return undefined;
  const caret = codeEditor.getPosition();
  const isCaretVisible = caret !== null && caret.lineNumber >= firstLine && caret.lineNumber <= lastLine;
  const position = isCaretVisible && codeEditor.hasTextFocus() ? caret : { lineNumber: firstLine, column: 1 };
  return {
    offset: model.getOffsetAt(position),
    side: position === caret ? 'before' : 'after',
    top: topOf(codeEditor, position) - codeEditor.getScrollTop(),
  };
}

function topOf(codeEditor: editor.ICodeEditor, { lineNumber, column }: IPosition): number {
  return codeEditor.getTopForPosition(lineNumber, column);
}
