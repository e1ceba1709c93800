// What a first visit has to fetch before it can draw: the budget of the first pages, measured on a real build.
import { brotliCompressSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { beforeAll, expect, it, vi } from 'vitest';

/** Bytes of JavaScript, compressed as it is served. */
const BUDGET = 120_000;

/** Milliseconds: Monaco is part of the build. */
const BUILD_TIMEOUT = 120_000;

const root = fileURLToPath(new URL('..', import.meta.url));
let chunks: ReadonlyMap<string, Rolldown.OutputChunk>;

beforeAll(async () => {
  // With the tests' own NODE_ENV the development build of React would be weighed.
  vi.stubEnv('NODE_ENV', 'production');
  const result = await build({ root, logLevel: 'error', build: { write: false } });
  const outputs = Array.isArray(result) ? result : [result];
  const files = outputs.flatMap((output) => ('output' in output ? output.output : []));
  chunks = new Map(files.filter((file) => file.type === 'chunk').map((chunk) => [chunk.fileName, chunk]));
  vi.unstubAllEnvs();
}, BUILD_TIMEOUT);

/** The entry and the page's own chunk, with all that they import statically. */
function chunksOf(page: string | undefined): readonly Rolldown.OutputChunk[] {
  const wanted = new Set<string>();
  const take = (fileName: string): void => {
    if (wanted.has(fileName)) return;
    wanted.add(fileName);
    for (const imported of chunks.get(fileName)?.imports ?? []) take(imported);
  };
  for (const chunk of chunks.values()) if (chunk.isEntry) take(chunk.fileName);
  if (page !== undefined) {
    const own = [...chunks.values()].find((chunk) => chunk.facadeModuleId?.endsWith(page));
    if (own === undefined) throw new Error(`${page} has no chunk of its own`);
    take(own.fileName);
  }
  return [...wanted].map((fileName) => {
    const chunk = chunks.get(fileName);
    if (chunk === undefined) throw new Error(`${fileName} is imported and was not built`);
    return chunk;
  });
}

const brotliBytes = (page: string | undefined): number =>
  chunksOf(page).reduce((sum, { code }) => sum + brotliCompressSync(code).length, 0);

it.each([
  ['/', undefined],
  ['/login', 'src/accounts/login-page.tsx'],
  ['/register', 'src/accounts/register-page.tsx'],
])('%s needs less than 120 kB of JavaScript', (_path, page) => {
  expect(brotliBytes(page)).toBeLessThan(BUDGET);
});

it('Monaco and Yjs come with the editor alone', () => {
  const modules = ['src/accounts/register-page.tsx', 'src/documents/documents-page.tsx']
    .flatMap((page) => chunksOf(page))
    .flatMap((chunk) => chunk.moduleIds);
  expect(modules.length).toBeGreaterThan(100);
  expect(modules.filter((id) => /node_modules\/(?:monaco-editor|yjs|y-protocols)\//.test(id))).toEqual([]);
});
