// One person's caret with the flag that carries their name: a content widget, so that it can glide and the name is text.
import type { IPosition } from 'monaco-editor/editor';
import type { Clock, Cancel } from '../collab/clock.ts';
import { editor } from './monaco.ts';
import { personClass } from './person-styles.ts';

/** How long the name stays after its caret moved. */
const FLAG_FOR = 2_000;

export interface RemoteCaret {
  /** `moved` shows the name for a while. */
  show(position: IPosition, name: string, moved: boolean): void;
  /** Near the top of the view the name hangs below the line: above it would be cut off. */
  place(): void;
  dispose(): void;
}

export function createRemoteCaret(codeEditor: editor.ICodeEditor, client: number, clock: Clock): RemoteCaret {
  const node = document.createElement('div');
  node.className = `remote-caret ${personClass(client)}`;
  node.setAttribute('aria-hidden', 'true');
  const flag = document.createElement('span');
  flag.className = 'remote-caret__flag';
  node.append(flag);

  let position: IPosition = { lineNumber: 1, column: 1 };
  let cancelFade: Cancel = () => {};
  let isShown = false;
  const widget: editor.IContentWidget = {
    getId: () => `remote-caret-${client}`,
    getDomNode: () => node,
    getPosition: () => ({ position, preference: [editor.ContentWidgetPositionPreference.EXACT] }),
  };

  function place(): void {
    const lineHeight = codeEditor.getLineHeightForPosition(position);
    const top = codeEditor.getTopForPosition(position.lineNumber, position.column) - codeEditor.getScrollTop();
    node.style.setProperty('height', `${lineHeight}px`);
    node.toggleAttribute('data-below', top < lineHeight);
  }

  return {
    show(next, name, moved) {
      const isStill = next.lineNumber === position.lineNumber && next.column === position.column;
      position = next;
      if (flag.textContent !== name) flag.textContent = name;
      place();
      if (!isShown) codeEditor.addContentWidget(widget);
      else if (!isStill) codeEditor.layoutContentWidget(widget);
      isShown = true;
      if (!moved) return;
      node.toggleAttribute('data-moving', true);
      cancelFade();
      cancelFade = clock.after(FLAG_FOR, () => node.toggleAttribute('data-moving', false));
    },
    place,
    dispose() {
      cancelFade();
      if (isShown) codeEditor.removeContentWidget(widget);
    },
  };
}
