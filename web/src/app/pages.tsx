// Which page stands at this address. Private ones share one frame, so that going from one to the next keeps it.
import { lazy, type ReactNode, useEffect } from 'react';
import { matchRoute, Route, useLocation, useRouter } from 'wouter';
import { NotFoundPage } from './not-found-page.tsx';
import { type Page, PAGES } from './routes.ts';
import { SignedIn } from './signed-in.tsx';

const PrivateFrame = lazy(async () => ({ default: (await import('./private-frame.tsx')).PrivateFrame }));

export function Pages(): ReactNode {
  const { parser } = useRouter();
  const [place] = useLocation();
  const page = PAGES.find(({ path }) => matchRoute(parser, path, place)[0]);
  useFetchAhead(page);

  if (page === undefined) return <NotFoundPage />;
  const { Component } = page;
  const drawn = (
    <Route key={place} path={page.path}>
      <Component />
    </Route>
  );
  if (!page.isPrivate) return drawn;
  return (
    <SignedIn>
      <PrivateFrame>{drawn}</PrivateFrame>
    </SignedIn>
  );
}

/** Milliseconds for the page itself to come to rest. */
const REST = 1_000;

/**
 * The page's own code, ahead of the answer to "who am I", and a moment later that of the pages that mostly follow. Should one fail,
 * drawing it fails the same way, and the error boundary tells.
 */
function useFetchAhead(page: Page | undefined): void {
  useEffect(() => {
    if (page === undefined) return;
    const fetchQuietly = ({ load }: Page): void => void load().catch(() => undefined);
    fetchQuietly(page);
    const timer = setTimeout(() => PAGES.filter(({ path }) => page.next.includes(path)).forEach(fetchQuietly), REST);
    return () => clearTimeout(timer);
  }, [page]);
}
