// Serves the built web app. All of it is held in memory, a few megabytes, so that a build that replaces the folder never breaks a running server.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** What Monaco needs and no more: it sets style elements and attributes, its workers are files of ours. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "worker-src 'self'",
  "connect-src 'self' ws: wss:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const SECURITY = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  // A link's code is in its address.
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** Files whose name holds their content's hash never change. */
const HASHED = /^\/assets\//;

type Encoding = 'br' | 'gzip' | 'identity';

interface Body {
  readonly bytes: Buffer;
  readonly etag: string;
}

interface WebFile {
  readonly type: string;
  readonly bodies: ReadonlyMap<Encoding, Body>;
}

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Rejects when the folder holds no index.html. */
export async function openWebFiles(folder: string): Promise<RequestHandler> {
  const files = await readFiles(folder);
  const index = files.get('/index.html');
  if (index === undefined) throw new Error(`${folder} holds no built web app`);

  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { ...SECURITY, allow: 'GET, HEAD' }).end();
      return;
    }
    const path = pathOf(request);
    const file = path === '/' ? index : (files.get(path) ?? (isPage(path, request) ? index : undefined));
    if (file === undefined) {
      const headers = { ...SECURITY, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
      response.writeHead(404, headers).end(request.method === 'HEAD' ? undefined : 'There is nothing here.\n');
      return;
    }
    send(request, response, file, HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
  };
}

function send(request: IncomingMessage, response: ServerResponse, file: WebFile, cacheControl: string): void {
  const encoding = chooseEncoding(request.headers['accept-encoding'], file);
  const body = file.bodies.get(encoding);
  if (body === undefined) throw new Error('a web file without a plain body');
  const headers = { ...SECURITY, 'cache-control': cacheControl, etag: body.etag, vary: 'accept-encoding' };
  if (holdsEtag(request.headers['if-none-match'], body.etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, {
    ...headers,
    'content-type': file.type,
    'content-length': body.bytes.length,
    ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
  });
  response.end(request.method === 'HEAD' ? undefined : body.bytes);
}

/** Not resolved or joined to anything: it is only ever looked up among the files that were read, so it cannot leave the folder. */
function pathOf(request: IncomingMessage): string {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  try {
    return decodeURIComponent(path);
  } catch {
    // Not an encoding of anything: no file has that name.
    return path;
  }
}

/** A page of the app: its router knows the address. A missing script must be a 404, not HTML that is run as a script. */
function isPage(path: string, request: IncomingMessage): boolean {
  const accepts = request.headers.accept ?? '*/*';
  return extname(path) === '' && !HASHED.test(path) && /text\/html|\*\/\*/.test(accepts);
}

function chooseEncoding(accepted: string | undefined, file: WebFile): Encoding {
  const offered = new Map(
    (accepted ?? '').split(',').map((part) => {
      const [name = '', ...parameters] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      return [name, !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))];
    }),
  );
  return (
    (['br', 'gzip'] as const).find((encoding) => offered.get(encoding) === true && file.bodies.has(encoding)) ??
    'identity'
  );
}

function holdsEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

async function readFiles(folder: string): Promise<ReadonlyMap<string, WebFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    // Vite's manifest and our own notes are not for browsers.
    .filter((name) => !name.split(sep).some((segment) => segment.startsWith('.')));
  const present = new Set(names);
  const files = new Map<string, WebFile>();
  for (const name of names) {
    if (/\.(br|gz)$/.test(name) && present.has(name.slice(0, -3))) continue;
    const bodies = new Map<Encoding, Body>([['identity', await readBody(join(folder, name))]]);
    if (present.has(`${name}.br`)) bodies.set('br', await readBody(join(folder, `${name}.br`)));
    if (present.has(`${name}.gz`)) bodies.set('gzip', await readBody(join(folder, `${name}.gz`)));
    files.set(`/${name.split(sep).join('/')}`, { type: TYPES[extname(name)] ?? 'application/octet-stream', bodies });
  }
  return files;
}

async function readBody(path: string): Promise<Body> {
  const bytes = await readFile(path);
  return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` };
}
