// A labelled line of text with its note and its error, both tied to it for screen readers.
import type { ReactNode, Ref } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextField as AriaTextField, type TextFieldProps as AriaTextFieldProps } from 'react-aria-components/TextField';
import './field.css';

export interface TextFieldProps extends Omit<AriaTextFieldProps, 'children' | 'className' | 'ref'> {
  readonly label: string;
  readonly note?: string | undefined;
  /** Why the value was not accepted: marks the field. */
  readonly error?: string | undefined;
  readonly placeholder?: string;
  /** Of the input itself, for focusing it. */
  readonly inputRef?: Ref<HTMLInputElement>;
  /** Shown inside the box, at its end. */
  readonly end?: ReactNode;
  readonly isLabelHidden?: boolean;
}

export function TextField({
  label,
  note,
  error,
  placeholder,
  inputRef,
  end,
  isLabelHidden = false,
  ...props
}: TextFieldProps): ReactNode {
  return (
    <AriaTextField {...props} className="field" isInvalid={error !== undefined} validationBehavior="aria">
      <Label className={isLabelHidden ? 'visually-hidden' : 'field__label'}>{label}</Label>
      <div className="field__box">
        <Input className="field__input" ref={inputRef ?? null} placeholder={placeholder ?? ''} />
        {end}
      </div>
      {note !== undefined && error === undefined && (
        <Text slot="description" className="field__note">
          {note}
        </Text>
      )}
      <FieldError className="field__error">{error}</FieldError>
    </AriaTextField>
  );
}
