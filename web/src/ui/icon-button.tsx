// A button that shows an icon and still has a name, told by a hint. Apart from Button: hints bring overlays, which forms do without.
import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import type { ButtonVariant } from './button.tsx';
import { Hint } from './hint.tsx';
import './button.css';

export interface IconButtonProps extends Omit<AriaButtonProps, 'children' | 'className' | 'aria-label'> {
  /** Its accessible name, also shown as a hint. */
  readonly label: string;
  /** An icon of 16 px. */
  readonly children: ReactNode;
  readonly variant?: ButtonVariant;
}

export function IconButton({ label, children, variant = 'quiet', ...props }: IconButtonProps): ReactNode {
  return (
    <Hint text={label}>
      <AriaButton {...props} aria-label={label} className="button" data-variant={variant} data-icon="">
        {children}
      </AriaButton>
    </Hint>
  );
}
