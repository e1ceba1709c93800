// A short play for two typists: from what each does, one picture a tick. Pure, so that its end can be checked.

export interface Caret {
  readonly line: number;
  readonly column: number;
  /** Where its selection begins on the same line; equal to `column` when nothing is selected. */
  readonly anchor: number;
}

/** One thing a typist does. Each letter, and each tick of waiting, takes one tick. */
export type Action =
  | { readonly does: 'go'; readonly line: number; readonly column: number }
  | { readonly does: 'end' }
  | { readonly does: 'type'; readonly text: string }
  | { readonly does: 'select'; readonly length: number }
  | { readonly does: 'wait'; readonly ticks: number };

export interface Scene {
  readonly lines: readonly string[];
  /** One for each typist. */
  readonly carets: readonly Caret[];
  /** Whether the text changed in this tick. */
  readonly isTyping: boolean;
}

type Step = Exclude<Action, { does: 'wait' }> | undefined;

/** Every picture from the first to the last. The first typist's caret starts at the text's start, as do the others'. */
export function perform(lines: readonly string[], parts: readonly (readonly Action[])[]): readonly Scene[] {
  const steps = parts.map((part) => part.flatMap(stepsOf));
  const length = Math.max(0, ...steps.map((part) => part.length));
  const carets: Caret[] = parts.map(() => ({ line: 0, column: 0, anchor: 0 }));
  const scenes: Scene[] = [{ lines, carets, isTyping: false }];
  for (let tick = 0; tick < length; tick++) {
    let scene: Scene = { ...(scenes.at(-1) ?? { lines, carets }), isTyping: false };
    for (const [typist, part] of steps.entries()) scene = play(scene, typist, part[tick]);
    scenes.push(scene);
  }
  return scenes;
}

function stepsOf(action: Action): Step[] {
  switch (action.does) {
    case 'wait':
      return Array.from({ length: action.ticks }, () => undefined);
    case 'type':
      return action.text.split('').map((text) => ({ does: 'type', text }));
    case 'go':
    case 'end':
    case 'select':
      return [action];
  }
}

function play(scene: Scene, typist: number, step: Step): Scene {
  const caret = scene.carets[typist];
  if (step === undefined || caret === undefined) return scene;
  switch (step.does) {
    case 'go':
      return withCaret(scene, typist, { line: step.line, column: step.column, anchor: step.column });
    case 'end': {
      const column = scene.lines[caret.line]?.length ?? 0;
      return withCaret(scene, typist, { line: caret.line, column, anchor: column });
    }
    case 'select':
      return withCaret(scene, typist, { ...caret, column: caret.anchor + step.length });
    case 'type':
      return insert(scene, typist, caret, step.text);
  }
}

function withCaret(scene: Scene, typist: number, caret: Caret): Scene {
  return { ...scene, carets: scene.carets.map((other, index) => (index === typist ? caret : other)) };
}

/** Types one letter in place of the selection. A line feed keeps the indentation; the other carets stay at their letters. */
function insert(scene: Scene, typist: number, caret: Caret, text: string): Scene {
  const line = scene.lines[caret.line] ?? '';
  const from = Math.min(caret.anchor, caret.column);
  const to = Math.max(caret.anchor, caret.column);
  const before = line.slice(0, from);
  const after = line.slice(to);
  const indent = /^ */.exec(line)?.[0] ?? '';
  const isBreak = text === '\n';
  const written = isBreak ? [before, indent + after] : [before + text + after];
  const column = isBreak ? indent.length : from + text.length;
  const here: Caret = { line: caret.line + (isBreak ? 1 : 0), column, anchor: column };
  const moved = (other: Caret): Caret => {
    if (other.line > caret.line) return isBreak ? { ...other, line: other.line + 1 } : other;
    if (other.line < caret.line || other.column < to) return other;
    const shift = here.column - to;
    return { line: here.line, column: other.column + shift, anchor: other.anchor + shift };
  };
  return {
    lines: [...scene.lines.slice(0, caret.line), ...written, ...scene.lines.slice(caret.line + 1)],
    carets: scene.carets.map((other, index) => (index === typist ? here : moved(other))),
    isTyping: true,
  };
}
