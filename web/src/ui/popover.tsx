// A small panel on a button, for what needs more than a menu. Esc closes it and focus returns to its button.
import type { ReactElement, ReactNode } from 'react';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Popover as AriaPopover, type PopoverProps as AriaPopoverProps } from 'react-aria-components/Popover';
import './menu.css';

export interface PopoverProps {
  /** A Button or IconButton. */
  readonly trigger: ReactElement;
  /** The accessible name of what opens. */
  readonly label: string;
  readonly children: ReactNode;
  readonly placement?: NonNullable<AriaPopoverProps['placement']>;
}

export function Popover({ trigger, label, children, placement = 'bottom end' }: PopoverProps): ReactNode {
  return (
    <DialogTrigger>
      {trigger}
      <AriaPopover className="popover" placement={placement} offset={4}>
        <Dialog className="popover__body" aria-label={label}>
          {children}
        </Dialog>
      </AriaPopover>
    </DialogTrigger>
  );
}
