// The password, hidden until its owner wants to see it.
import { type ReactNode, useState } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { TextField } from '../ui/text-field.tsx';

export interface PasswordFieldProps {
  readonly autoComplete: 'current-password' | 'new-password';
  readonly note?: string;
  readonly error: string | undefined;
}

export function PasswordField({ autoComplete, note, error }: PasswordFieldProps): ReactNode {
  const [isShown, setShown] = useState(false);
  return (
    <TextField
      name="password"
      label="Password"
      type={isShown ? 'text' : 'password'}
      autoComplete={autoComplete}
      note={note}
      error={error}
      isRequired
      end={
        <ToggleButton className="account-form__reveal" isSelected={isShown} onChange={setShown}>
          Show
        </ToggleButton>
      }
    />
  );
}
