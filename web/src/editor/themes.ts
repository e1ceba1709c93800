// The editor's themes: Monaco's own, with what would leave text below 4.5:1 put right. High contrast is Monaco's as it is.
import { editor } from './monaco.ts';

export type EditorTheme = 'codesync-light' | 'codesync-dark' | 'hc-light' | 'hc-black';

const CLEAR = '#00000000';

/** The same word elsewhere is framed: Monaco's grey behind it takes keywords down to 3.1:1. */
const framed = (frame: string): editor.IColors => ({
  'editor.wordHighlightBackground': CLEAR,
  'editor.wordHighlightStrongBackground': CLEAR,
  'editor.wordHighlightTextBackground': CLEAR,
  'editor.wordHighlightBorder': frame,
  'editor.wordHighlightStrongBorder': frame,
  'editor.wordHighlightTextBorder': frame,
});

editor.defineTheme('codesync-light', { base: 'vs', inherit: true, rules: [], colors: framed('#0000003d') });
editor.defineTheme('codesync-dark', {
  base: 'vs-dark',
  inherit: true,
  // Monaco's #608b4e is 4.2:1.
  rules: [{ token: 'comment', foreground: '6a9955' }],
  colors: framed('#ffffff3d'),
});
