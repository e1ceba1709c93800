// What every page has: a title for the tab, a heading that takes the focus on navigation, and the target of the skip link.
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import './page.css';

const NAME = 'CodeSync';

/** Shown in the tab while the caller is on screen. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? NAME : `${title} – ${NAME}`;
  }, [title]);
}

const NavigatedContext = createContext(false);

/** Knows whether this page was reached from another one inside the app. */
export function NavigationProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [location] = useLocation();
  const [initial] = useState(location);
  const [hasNavigated, setNavigated] = useState(false);
  if (!hasNavigated && location !== initial) setNavigated(true);
  return <NavigatedContext value={hasNavigated}>{children}</NavigatedContext>;
}

export interface PageHeadingProps {
  readonly children: ReactNode;
  readonly className?: string;
}

/** The page's h1. A first load leaves the focus where the browser puts it; a navigation moves it here, where screen readers go on. */
export function PageHeading({ children, className = 'page-heading' }: PageHeadingProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  const hasNavigated = useContext(NavigatedContext);
  const isMoving = useRef(hasNavigated);
  useEffect(() => {
    if (isMoving.current) heading.current?.focus();
  }, []);
  return (
    <h1 className={className} ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

export function SkipLink(): ReactNode {
  return (
    <a className="skip-link" href="#content">
      Skip to content
    </a>
  );
}

export interface ContentProps {
  readonly children: ReactNode;
  readonly className?: string;
}

export function Content({ children, className = 'content' }: ContentProps): ReactNode {
  return (
    <main id="content" className={className} tabIndex={-1}>
      {children}
    </main>
  );
}
