// Signing in.
import type { ReactNode } from 'react';
import { Link, useSearch } from 'wouter';
import { useSignIn } from '../api/accounts.ts';
import { fieldError } from '../api/answers.ts';
import { TextField } from '../ui/text-field.tsx';
import { AccountForm } from './account-form.tsx';
import { textOf } from './missing-fields.ts';
import { PasswordField } from './password-field.tsx';
import { withReturn } from './return-to.ts';
import { useAccountForm } from './use-account-form.ts';

export function LoginPage(): ReactNode {
  const search = useSearch();
  const { isPending, error, submit } = useAccountForm(['email', 'password'], useSignIn(), (values) => ({
    email: textOf(values, 'email'),
    password: textOf(values, 'password'),
  }));
  return (
    <AccountForm
      heading="Sign in"
      action="Sign in"
      isPending={isPending}
      error={error}
      onSubmit={submit}
      other={
        <>
          New here? <Link href={withReturn('/register', search)}>Create account</Link>
        </>
      }
    >
      <TextField
        name="email"
        label="Email"
        type="email"
        autoComplete="username"
        error={fieldError(error, 'email')}
        isRequired
      />
      <PasswordField autoComplete="current-password" error={fieldError(error, 'password')} />
    </AccountForm>
  );
}
