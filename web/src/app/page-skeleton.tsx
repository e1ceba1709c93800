// The bare frame while a page's code or the answer to "who am I" is on its way: the bar is where it will be.
import type { ReactNode } from 'react';
import './page.css';

export function PageSkeleton(): ReactNode {
  return (
    <div aria-busy="true">
      <div className="top-bar" />
    </div>
  );
}
