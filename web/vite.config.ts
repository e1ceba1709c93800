// Builds the browser's part into web/dist: hashed files, compressed once, no inline scripts (script-src 'self').
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precompress } from './build/precompress.ts';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), precompress()],
  resolve: {
    alias: {
      // y-monaco imports a path that monaco-editor's exports map no longer has.
      'monaco-editor/esm/vs/editor/editor.api.js': 'monaco-editor/editor/editor.api.js',
    },
    // Two copies of Yjs cannot read each other's types.
    dedupe: ['yjs', 'y-protocols', 'lib0', 'react', 'react-dom'],
  },
  worker: { format: 'es' },
  build: {
    target: 'baseline-widely-available',
    // Inlined files would need data: in the content security policy.
    assetsInlineLimit: 0,
    // The polyfill for modulepreload is an inline script in old browsers only; the target has it.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Monaco is one chunk of this size, loaded with the editor's route alone.
    chunkSizeWarningLimit: 4_000,
  },
});
