// The mark: two carets in one line of text.
import type { ReactNode } from 'react';

export function Mark({ size = 20 }: { readonly size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" aria-hidden="true">
      <rect width="20" height="20" rx="5" fill="var(--accent-fill)" />
      <path d="M7 5.5v9" stroke="#fff" strokeWidth="2" strokeLinecap="round" />
      <path d="M13 5.5v9" stroke="#fff" strokeOpacity="0.62" strokeWidth="2" strokeLinecap="round" />
      <path d="M9.4 10h1.2" stroke="#fff" strokeWidth="1.6" strokeLinecap="round" />
    </svg>
  );
}
