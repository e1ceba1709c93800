// Other people's carets, names and selections in one editor. Looks at presence at most once a frame and touches only what
// changed; who leaves is gone with the next frame.
import type { IDisposable } from 'monaco-editor/editor';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { type Clock, systemClock } from '../collab/clock.ts';
import { statedUser, type StatedUser } from '../collab/presence.ts';
import { editor } from './monaco.ts';
import { createPersonStyles, personClass } from './person-styles.ts';
import { type OffsetSelection, selectionsOf } from './relative-selections.ts';
import { createRemoteCaret, type RemoteCaret } from './remote-caret.ts';
import './remote-cursors.css';

export type RemoteCursors = IDisposable;

interface Shown {
  readonly decorations: editor.IEditorDecorationsCollection;
  readonly caret: RemoteCaret;
  /** What was drawn, to draw only what is new. */
  drawn: string;
  /** What this person said, to tell their moves from text moving under them. */
  said: string;
}

export function createRemoteCursors(
  codeEditor: editor.ICodeEditor,
  text: Y.Text,
  awareness: Awareness,
  clock: Clock = systemClock,
): RemoteCursors {
  const shown = new Map<number, Shown>();
  const root = codeEditor.getContainerDomNode().getRootNode();
  const styles = createPersonStyles(root instanceof ShadowRoot ? root : document);
  let frame = 0;

  function schedule(): void {
    if (frame === 0) frame = requestAnimationFrame(render);
  }

  function render(): void {
    frame = 0;
    const model = codeEditor.getModel();
    if (model === null) return;
    const present = new Set<number>();
    for (const [client, state] of awareness.getStates()) {
      const selections = client === awareness.clientID ? [] : selectionsOf(text, state);
      if (selections.length === 0) continue;
      present.add(client);
      draw(
        model,
        client,
        statedUser(state, client),
        selections,
        JSON.stringify([state['selections'], state['selection']]),
      );
    }
    for (const client of shown.keys()) if (!present.has(client)) remove(client);
  }

  function draw(
    model: editor.ITextModel,
    client: number,
    user: StatedUser,
    selections: readonly OffsetSelection[],
    said: string,
  ): void {
    styles.set(client, user);
    const name = isMe(awareness, user) ? `${user.name} (you)` : user.name;
    const drawn = JSON.stringify([selections, user.color, name]);
    const known = shown.get(client) ?? create(client);
    if (known.drawn !== drawn) {
      known.decorations.set(
        selections.flatMap((selection, index) => decorate(model, client, user, selection, index > 0)),
      );
      const head = model.getPositionAt(selections[0]?.head ?? 0);
      known.caret.show(head, name, known.said !== said);
    }
    known.drawn = drawn;
    known.said = said;
  }

  function create(client: number): Shown {
    const created: Shown = {
      decorations: codeEditor.createDecorationsCollection(),
      caret: createRemoteCaret(codeEditor, client, clock),
      drawn: '',
      said: '',
    };
    shown.set(client, created);
    return created;
  }

  function remove(client: number): void {
    const gone = shown.get(client);
    shown.delete(client);
    gone?.decorations.clear();
    gone?.caret.dispose();
    styles.remove(client);
  }

  const placeAll = (): void => {
    for (const { caret } of shown.values()) caret.place();
  };
  const listeners = [
    codeEditor.onDidChangeModelContent(schedule),
    codeEditor.onDidScrollChange(placeAll),
    codeEditor.onDidChangeConfiguration(placeAll),
  ];
  awareness.on('change', schedule);
  schedule();

  return {
    dispose() {
      cancelAnimationFrame(frame);
      awareness.off('change', schedule);
      for (const listener of listeners) listener.dispose();
      for (const client of shown.keys()) remove(client);
      styles.dispose();
    },
  };
}

/** The selection itself, a mark in the overview ruler, and a bar for carets beyond the first (which has a widget). */
function decorate(
  model: editor.ITextModel,
  client: number,
  user: StatedUser,
  { anchor, head }: OffsetSelection,
  isFurther: boolean,
): editor.IModelDeltaDecoration[] {
  const start = model.getPositionAt(Math.min(anchor, head));
  const end = model.getPositionAt(Math.max(anchor, head));
  const range = {
    startLineNumber: start.lineNumber,
    startColumn: start.column,
    endLineNumber: end.lineNumber,
    endColumn: end.column,
  };
  const selection: editor.IModelDeltaDecoration = {
    range,
    options: {
      className: anchor === head ? null : `remote-selection ${personClass(client)}`,
      stickiness: editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges,
      // Canvas: needs a colour, not a custom property.
      overviewRuler: { color: user.color, position: editor.OverviewRulerLane.Right },
    },
  };
  if (!isFurther) return [selection];
  const { lineNumber, column } = model.getPositionAt(head);
  const caret: editor.IModelDeltaDecoration = {
    range: { startLineNumber: lineNumber, startColumn: column, endLineNumber: lineNumber, endColumn: column },
    options: {
      beforeContentClassName: `remote-further-caret ${personClass(client)}`,
      stickiness: editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges,
    },
  };
  return [selection, caret];
}

function isMe(awareness: Awareness, user: StatedUser): boolean {
  const own = awareness.getLocalState();
  return own !== null && statedUser(own, awareness.clientID).id === user.id;
}
