// One editor on one open document: Monaco, its binding to the shared text, undo that is mine alone, and presence. Without
// React; whoever creates it disposes of it.
import type { DocumentSession } from '../collab/session.ts';
import { editor } from './monaco.ts';
import { MonacoBinding } from './monaco-binding.ts';
import type { EditorTheme } from './themes.ts';
import './themes.ts';
import { createUndo } from './undo.ts';
import './code-editor.css';

export interface CodeEditorOptions {
  readonly language: string;
  readonly theme: EditorTheme;
  /** What the text is, for people who do not see it. */
  readonly label: string;
  readonly isReadOnly: boolean;
}

export interface CodeEditor {
  readonly editor: editor.IStandaloneCodeEditor;
  readonly model: editor.ITextModel;
  update(options: CodeEditorOptions): void;
  dispose(): void;
}

const FONT = "'JetBrains Mono Variable', ui-monospace, 'SF Mono', Menlo, Consolas, monospace";

export function createCodeEditor(
  container: HTMLElement,
  session: DocumentSession,
  options: CodeEditorOptions,
): CodeEditor {
  const model = editor.createModel('', options.language);
  const codeEditor = editor.create(container, {
    model,
    ...changing(options),
    automaticLayout: true,
    fixedOverflowWidgets: true,
    fontFamily: FONT,
    fontSize: 14,
    lineHeight: 22,
    fontLigatures: false,
    padding: { top: 12, bottom: 48 },
    minimap: { enabled: false },
    stickyScroll: { enabled: true },
    scrollBeyondLastLine: false,
    smoothScrolling: false,
    renderLineHighlight: 'line',
    renderWhitespace: 'selection',
    lineNumbersMinChars: 4,
    lineDecorationsWidth: 12,
    overviewRulerBorder: false,
    scrollbar: { verticalScrollbarSize: 12, horizontalScrollbarSize: 12, useShadows: false },
    // Other people's text: links in it open only when asked for, and letters that pretend to be others are marked.
    links: true,
    unicodeHighlight: { ambiguousCharacters: true, invisibleCharacters: true, nonBasicASCII: false },
    unusualLineTerminators: 'off',
    wordBasedSuggestions: 'currentDocument',
    'semanticHighlighting.enabled': false,
    autoDetectHighContrast: false,
  });
  const binding = new MonacoBinding(session.text, model, new Set([codeEditor]), session.awareness);
  const undo = createUndo(binding);
  // Now that the text is in: a model guesses from the text that it is made with.
  model.detectIndentation(true, 4);
  const stopEscape = leaveByEscape(codeEditor);

  // A font that arrives later has other widths: carets would stand beside their letters.
  void document.fonts.load(`14px ${FONT}`).then(() => editor.remeasureFonts());

  return {
    editor: codeEditor,
    model,
    update(next) {
      codeEditor.updateOptions(changing(next));
      editor.setTheme(next.theme);
      if (model.getLanguageId() !== next.language) editor.setModelLanguage(model, next.language);
    },
    dispose() {
      stopEscape();
      undo.dispose();
      binding.destroy();
      codeEditor.setModel(null);
      codeEditor.dispose();
      model.dispose();
    },
  };
}

function changing({ theme, label, isReadOnly }: CodeEditorOptions): editor.IEditorOptions & { theme: string } {
  return {
    theme,
    ariaLabel: label,
    readOnly: isReadOnly,
    domReadOnly: isReadOnly,
    cursorSmoothCaretAnimation: 'off',
    cursorBlinking: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'solid' : 'blink',
  };
}

/**
 * Esc, then Tab leaves the text (WCAG 2.1.2): after an Esc that closed nothing the next Tab moves the focus; any other key
 * makes Tab write again.
 */
function leaveByEscape(codeEditor: editor.IStandaloneCodeEditor): () => void {
  const node = codeEditor.getContainerDomNode();
  let mayLeave = false;
  const set = (next: boolean): void => {
    if (next === mayLeave) return;
    mayLeave = next;
    codeEditor.updateOptions({ tabFocusMode: next });
  };
  const whenPressed = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') set(true);
    else if (event.key !== 'Tab' && event.key !== 'Shift') set(false);
  };
  const whenLeft = (): void => set(false);
  // Capturing: Monaco keeps the keys that it handles to itself.
  node.addEventListener('keydown', whenPressed, true);
  const blurred = codeEditor.onDidBlurEditorWidget(whenLeft);
  return () => {
    node.removeEventListener('keydown', whenPressed, true);
    blurred.dispose();
  };
}
