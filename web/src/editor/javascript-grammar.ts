// Monaco's grammar of JavaScript, for JSON. Monaco types the stubs that load grammars, not the grammars.
import type { languages } from 'monaco-editor/editor';

export interface Grammar {
  readonly conf: languages.LanguageConfiguration;
  readonly language: languages.IMonarchLanguage;
}

export async function loadJavaScript(): Promise<Grammar> {
  // @ts-expect-error -- no declaration file
  const grammar: unknown = await import('monaco-editor/languages/definitions/javascript/javascript');
  return grammar as Grammar;
}
