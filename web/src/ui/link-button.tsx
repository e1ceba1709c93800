// A link that looks like a button: it leads somewhere, so it opens in a new tab like any link.
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { ButtonVariant } from './button.tsx';
import './button.css';

export interface LinkButtonProps {
  readonly to: string;
  readonly children: ReactNode;
  readonly variant?: ButtonVariant;
}

export function LinkButton({ to, children, variant = 'plain' }: LinkButtonProps): ReactNode {
  return (
    <Link href={to} className="button" data-variant={variant}>
      {children}
    </Link>
  );
}
