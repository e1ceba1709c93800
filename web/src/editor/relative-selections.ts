// Selections as they travel: relative positions in JSON, which stay on their characters whatever happens around them.
import type { editor } from 'monaco-editor/editor';
import * as Y from 'yjs';

/** More cursors than anybody looks at; each costs a walk through the text. */
const MOST = 50;

export interface RelativeSelection {
  readonly anchor: unknown;
  readonly head: unknown;
}

export interface OffsetSelection {
  readonly anchor: number;
  readonly head: number;
}

export function offsetSelections(codeEditor: editor.ICodeEditor, model: editor.ITextModel): OffsetSelection[] {
  return (codeEditor.getSelections() ?? []).slice(0, MOST).map((selection) => ({
    anchor: model.getOffsetAt({
      lineNumber: selection.selectionStartLineNumber,
      column: selection.selectionStartColumn,
    }),
    head: model.getOffsetAt({ lineNumber: selection.positionLineNumber, column: selection.positionColumn }),
  }));
}

export function toRelative(text: Y.Text, { anchor, head }: OffsetSelection): RelativeSelection {
  return { anchor: positionJson(text, anchor), head: positionJson(text, head) };
}

/** Undefined when it does not parse, or speaks of another text. */
export function fromRelative(text: Y.Text, selection: unknown): OffsetSelection | undefined {
  if (typeof selection !== 'object' || selection === null) return undefined;
  const anchor = 'anchor' in selection ? offsetOf(text, selection.anchor) : undefined;
  const head = 'head' in selection ? offsetOf(text, selection.head) : undefined;
  return anchor === undefined || head === undefined ? undefined : { anchor, head };
}

/** All selections of a presence state: ours (`selections`), or the one of a stock client (`selection`). */
export function selectionsOf(text: Y.Text, state: Readonly<Record<string, unknown>>): OffsetSelection[] {
  const ours = state['selections'];
  const all: unknown[] = Array.isArray(ours) ? ours.slice(0, MOST) : [state['selection']];
  return all.map((selection) => fromRelative(text, selection)).filter((selection) => selection !== undefined);
}

/** With its nulls, unlike Yjs' own JSON: y-monaco reads the position as it comes, and throws on one that has no `item`. */
function positionJson(text: Y.Text, offset: number): unknown {
  const { type, tname, item, assoc } = Y.createRelativePositionFromTypeIndex(text, Math.min(offset, text.length));
  return { type, tname, item, assoc };
}

function offsetOf(text: Y.Text, json: unknown): number | undefined {
  if (text.doc === null || typeof json !== 'object' || json === null) return undefined;
  try {
    const relative = Y.createRelativePositionFromJSON(json);
    const absolute = Y.createAbsolutePositionFromRelativePosition(relative, text.doc);
    return absolute?.type === text ? absolute.index : undefined;
  } catch {
    // Presence is whatever a client sent: what is no position has none.
    return undefined;
  }
}
