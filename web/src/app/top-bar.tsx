// The one bar on top of pages that are not the editor: the mark, and what the page puts at its end.
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Mark } from '../ui/mark.tsx';
import './page.css';

export interface TopBarProps {
  /** Where the mark leads. */
  readonly home?: string;
  readonly children?: ReactNode;
}

export function TopBar({ home = '/', children }: TopBarProps): ReactNode {
  return (
    <header className="top-bar">
      <Link href={home} className="wordmark">
        <Mark />
        CodeSync
      </Link>
      <span className="top-bar__space" />
      {children}
    </header>
  );
}
