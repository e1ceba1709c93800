// The one module that loads Monaco: the core, the features that a shared text needs, and stubs of all languages, whose
// grammars come when a document of that language is opened.
import { editor, languages } from 'monaco-editor/editor';
// oxlint-disable-next-line import/default -- Vite makes the default export of ?worker
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import 'monaco-editor/features/anchorSelect/register';
import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/caretOperations/register';
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/codeEditor/register';
import 'monaco-editor/features/codicon/register';
import 'monaco-editor/features/comment/register';
import 'monaco-editor/features/contextmenu/register';
import 'monaco-editor/features/cursorUndo/register';
import 'monaco-editor/features/dnd/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/folding/register';
import 'monaco-editor/features/fontZoom/register';
import 'monaco-editor/features/gotoLine/register';
import 'monaco-editor/features/hover/register';
import 'monaco-editor/features/indentation/register';
import 'monaco-editor/features/lineSelection/register';
import 'monaco-editor/features/linesOperations/register';
import 'monaco-editor/features/links/register';
import 'monaco-editor/features/longLinesHelper/register';
import 'monaco-editor/features/multicursor/register';
import 'monaco-editor/features/quickCommand/register';
import 'monaco-editor/features/quickHelp/register';
import 'monaco-editor/features/readOnlyMessage/register';
import 'monaco-editor/features/smartSelect/register';
import 'monaco-editor/features/snippet/register';
import 'monaco-editor/features/stickyScroll/register';
import 'monaco-editor/features/suggest/register';
import 'monaco-editor/features/toggleTabFocusMode/register';
import 'monaco-editor/features/tokenization/register';
import 'monaco-editor/features/unicodeHighlighter/register';
import 'monaco-editor/features/wordHighlighter/register';
import 'monaco-editor/features/wordOperations/register';
import 'monaco-editor/features/wordPartOperations/register';
import 'monaco-editor/languages/definitions/register.all';
import { loadJavaScript } from './javascript-grammar.ts';

// Asked first, before Monaco makes up a worker's address of its own, which the content security policy would refuse.
globalThis.MonacoEnvironment = { getWorker: () => new EditorWorker() };

// Monaco has JSON only as a service with a worker; colours and brackets are those of JavaScript.
languages.register({ id: 'json', aliases: ['JSON'], extensions: ['.json', '.jsonc'] });
languages.registerTokensProviderFactory('json', { create: async () => (await loadJavaScript()).language });
languages.onLanguageEncountered('json', () => {
  void loadJavaScript().then(({ conf }) => languages.setLanguageConfiguration('json', conf));
});

export { editor };
