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
export function Button({ children, variant = 'plain', isPending = false, ...props }: ButtonProps): ReactNode {
  // The library's own pending state announces the button as an image that is labelled by it. When what it waits for leads to
  // another page that image stays for seconds, without a name.
  const { onPress: _onPress, ...pressless } = props;
  const pending = { ...pressless, type: 'button', 'aria-disabled': true, 'aria-busy': true } as const;
  return (
    <AriaButton {...(isPending ? pending : props)} className="button" data-variant={variant}>
      {isPending && <span className="button__pending" aria-hidden="true" />}
      {children}
    </AriaButton>
  );
}
