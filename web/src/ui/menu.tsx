// A menu on a button: actions, sections, and choices with a mark. Arrow keys, letters, Esc and focus are react-aria's.
import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { Header } from 'react-aria-components/Header';
import { Keyboard } from 'react-aria-components/Keyboard';
import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  type MenuItemProps as AriaMenuItemProps,
  MenuSection as AriaMenuSection,
  type MenuSectionProps as AriaMenuSectionProps,
  MenuTrigger,
} from 'react-aria-components/Menu';
import { Popover, type PopoverProps } from 'react-aria-components/Popover';
import { Separator } from 'react-aria-components/Separator';
import './menu.css';

export interface MenuProps {
  /** A Button or IconButton. */
  readonly trigger: ReactElement;
  /** MenuItem, MenuSection, MenuRule. */
  readonly children: ReactNode;
  readonly label: string;
  readonly placement?: NonNullable<PopoverProps['placement']>;
  readonly onOpenChange?: (isOpen: boolean) => void;
}

export function Menu({ trigger, children, label, placement = 'bottom end', onOpenChange }: MenuProps): ReactNode {
  return (
    <MenuTrigger {...(onOpenChange === undefined ? {} : { onOpenChange })}>
      {trigger}
      <Popover className="menu-popover" placement={placement} offset={4}>
        <AriaMenu className="menu" aria-label={label}>
          {children}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

export interface MenuItemProps extends Omit<AriaMenuItemProps, 'children' | 'className'> {
  readonly children: string;
  readonly icon?: ReactNode;
  /** As it is shown, such as `Ctrl+K`. */
  readonly shortcut?: string;
  readonly tone?: 'normal' | 'bad';
}

export function MenuItem({ children, icon, shortcut, tone = 'normal', ...props }: MenuItemProps): ReactNode {
  return (
    <AriaMenuItem {...props} className="menu__item" textValue={children} data-tone={tone}>
      {({ selectionMode }) => (
        <>
          {icon}
          <span className="menu__label">{children}</span>
          {shortcut !== undefined && <Keyboard className="menu__key">{shortcut}</Keyboard>}
          {selectionMode !== 'none' && <Check className="menu__check" size={16} aria-hidden="true" />}
        </>
      )}
    </AriaMenuItem>
  );
}

export interface MenuSectionProps extends Omit<AriaMenuSectionProps<object>, 'children'> {
  readonly heading: string;
  readonly children: ReactNode;
}

/** With `selectionMode="single"`, `selectedKeys` and `onSelectionChange` its items are a choice. */
export function MenuSection({ heading, children, ...props }: MenuSectionProps): ReactNode {
  return (
    <AriaMenuSection {...props}>
      <Header className="menu__heading">{heading}</Header>
      {children}
    </AriaMenuSection>
  );
}

export function MenuRule(): ReactNode {
  return <Separator className="menu__rule" />;
}
