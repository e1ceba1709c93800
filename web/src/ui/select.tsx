// A choice of one from a short list.
import { Check, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select';
import './field.css';
import './menu.css';
import './select.css';

export interface SelectOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** A second line that says what it means. */
  readonly note?: string;
}

export interface SelectProps<Value extends string> {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly options: readonly SelectOption<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly isDisabled?: boolean;
  /** Without an edge until hovered, for use inside rows. */
  readonly isQuiet?: boolean;
}

export function Select<Value extends string>(props: SelectProps<Value>): ReactNode {
  const choose = (key: unknown): void => {
    const option = props.options.find(({ value }) => value === key);
    if (option !== undefined) props.onChange(option.value);
  };
  return (
    <AriaSelect
      className="field select"
      {...(props.isQuiet === true ? { 'data-quiet': '' } : {})}
      value={props.value}
      onChange={choose}
      isDisabled={props.isDisabled ?? false}
    >
      <Label className={props.isLabelHidden === true ? 'visually-hidden' : 'field__label'}>{props.label}</Label>
      <Button className="select__button">
        <SelectValue>{({ selectedText }) => selectedText}</SelectValue>
        <ChevronDown size={14} aria-hidden="true" />
      </Button>
      <Popover className="menu-popover" offset={4} placement="bottom end">
        <ListBox className="menu" items={props.options.map((option) => ({ id: option.value, ...option }))}>
          {(option) => (
            <ListBoxItem className="menu__item" id={option.value} textValue={option.label}>
              <span className="menu__label">
                {option.label}
                {option.note !== undefined && <span className="field__note"> {option.note}</span>}
              </span>
              <Check className="menu__check" size={16} aria-hidden="true" />
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
