// Buttons: one primary action a view, plain and quiet ones beside it.
import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import './button.css';

export type ButtonVariant = 'primary' | 'plain' | 'quiet' | 'danger';

export interface ButtonProps extends Omit<AriaButtonProps, 'children' | 'className'> {
  readonly children: ReactNode;
  readonly variant?: ButtonVariant;
}

/** While `isPending` it keeps its name and its focus, and cannot be pressed. */
export function Button({ children, variant = 'plain', ...props }: ButtonProps): ReactNode {
  return (
    <AriaButton {...props} className="button" data-variant={variant}>
      {props.isPending === true && <span className="button__pending" aria-hidden="true" />}
      {children}
    </AriaButton>
  );
}
