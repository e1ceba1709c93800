// A word of the bottom bar that opens what it names: low as the bar is, tall under a finger.
import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import { Hint } from '../ui/hint.tsx';

export interface StatusButtonProps extends Omit<AriaButtonProps, 'children' | 'className'> {
  readonly children: ReactNode;
  /** What a press does. */
  readonly hint: string;
  /** Left out where there is no room for it. */
  readonly isMinor?: boolean;
}

export function StatusButton({ children, hint, isMinor = false, ...props }: StatusButtonProps): ReactNode {
  return (
    <Hint text={hint}>
      <AriaButton {...props} className="status-button" data-minor={isMinor ? '' : undefined}>
        {children}
      </AriaButton>
    </Hint>
  );
}
