// What a form lacks before it is worth sending, told in the same shape as the server's 422.
import { Failure, type FieldError } from '@codesync/contract';

const ASK = {
  name: 'Enter your name.',
  email: 'Enter your e-mail address.',
  password: 'Enter a password.',
} as const;

export type FieldName = keyof typeof ASK;

/** Undefined when every field holds something other than blanks; a password may be all blanks. */
export function missingFields(values: FormData, names: readonly FieldName[]): Failure | undefined {
  const errors = names.flatMap((path): FieldError[] => {
    const value = textOf(values, path);
    return (path === 'password' ? value : value.trim()) === '' ? [{ path, message: ASK[path] }] : [];
  });
  return errors.length === 0 ? undefined : new Failure('invalid', { errors });
}

export function textOf(values: FormData, name: FieldName): string {
  const value = values.get(name);
  return typeof value === 'string' ? value : '';
}
