// Creating an account.
import type { ReactNode } from 'react';
import { Link, useSearch } from 'wouter';
import { useRegister } from '../api/accounts.ts';
import { fieldError } from '../api/answers.ts';
import { TextField } from '../ui/text-field.tsx';
import { AccountForm } from './account-form.tsx';
import { textOf } from './missing-fields.ts';
import { PasswordField } from './password-field.tsx';
import { withReturn } from './return-to.ts';
import { useAccountForm } from './use-account-form.ts';

export function RegisterPage(): ReactNode {
  const search = useSearch();
  const { isPending, error, submit } = useAccountForm(['name', 'email', 'password'], useRegister(), (values) => ({
    name: textOf(values, 'name'),
    email: textOf(values, 'email'),
    password: textOf(values, 'password'),
  }));
  return (
    <AccountForm
      heading="Create your account"
      action="Create account"
      isPending={isPending}
      error={error}
      onSubmit={submit}
      other={
        <>
          Have an account? <Link href={withReturn('/login', search)}>Sign in</Link>
        </>
      }
    >
      <TextField
        name="name"
        label="Name"
        autoComplete="name"
        note="Others see it at your cursor."
        error={fieldError(error, 'name')}
        isRequired
      />
      <TextField
        name="email"
        label="Email"
        type="email"
        autoComplete="username"
        error={fieldError(error, 'email')}
        isRequired
      />
      <PasswordField autoComplete="new-password" note="At least 8 characters." error={fieldError(error, 'password')} />
    </AccountForm>
  );
}
