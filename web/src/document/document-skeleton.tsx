// The frame with bars in the places of words and lines, while the document is on its way: nothing jumps when it comes.
import type { ReactNode } from 'react';
import { Mark } from '../ui/mark.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import './document.css';

const LINES = ['38%', '52%', '24%', '61%', '45%', '12%', '33%', '57%', '29%'];

export function DocumentSkeleton(): ReactNode {
  return (
    <div className="document" aria-busy="true">
      <div className="document-bar">
        <span className="document-bar__mark">
          <Mark />
        </span>
        <Skeleton width="160px" />
      </div>
      <TextSkeleton />
      <div className="status-bar" />
    </div>
  );
}

/** Bars where lines of code will be. */
export function TextSkeleton(): ReactNode {
  return (
    <div className="text-skeleton">
      <span className="visually-hidden">Loading the text</span>
      {LINES.map((width) => (
        <Skeleton key={width} width={width} />
      ))}
    </div>
  );
}
