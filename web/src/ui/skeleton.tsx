// A grey bar in the place of words that are on their way, as wide as they will be: nothing jumps when they come.
import type { ReactNode } from 'react';
import './skeleton.css';

export interface SkeletonProps {
  /** Any CSS length. */
  readonly width: string;
}

export function Skeleton({ width }: SkeletonProps): ReactNode {
  return <span className="skeleton" style={{ width }} aria-hidden="true" />;
}
