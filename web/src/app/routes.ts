// Every address and the chunk that draws it. A page is fetched when its address is first asked for, Monaco with the editor's alone.
import { type ComponentType, lazy, type LazyExoticComponent } from 'react';
import { HomePage } from '../home/home-page.tsx';

export interface Page {
  readonly path: string;
  readonly Component: ComponentType | LazyExoticComponent<ComponentType>;
  /** Fetches the page's chunk; safe to call twice. */
  readonly load: () => Promise<unknown>;
  /** People who are not signed in are sent to the sign-in page and back. */
  readonly isPrivate: boolean;
  /** Where people mostly go from here: fetched while nothing else is to do. */
  readonly next: readonly string[];
}

interface PageOptions {
  readonly isPrivate?: boolean;
  readonly next?: readonly string[];
}

function page(path: string, load: () => Promise<ComponentType>, options: PageOptions = {}): Page {
  const { isPrivate = false, next = [] } = options;
  return { path, load, isPrivate, next, Component: lazy(async () => ({ default: await load() })) };
}

export const PAGES: readonly Page[] = [
  // In the entry: a visitor's first page costs no second round trip.
  {
    path: '/',
    Component: HomePage,
    load: () => Promise.resolve(),
    isPrivate: false,
    next: ['/login', '/register'],
  },
  page('/login', async () => (await import('../accounts/login-page.tsx')).LoginPage, { next: ['/documents'] }),
  page('/register', async () => (await import('../accounts/register-page.tsx')).RegisterPage, { next: ['/documents'] }),
  page('/documents', async () => (await import('../documents/documents-page.tsx')).DocumentsPage, {
    isPrivate: true,
    next: ['/d/:documentId'],
  }),
  page('/d/:documentId', async () => (await import('../document/document-page.tsx')).DocumentPage, { isPrivate: true }),
];
