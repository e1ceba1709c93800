// One submission of a form: missing fields first, then the server's word. Who is signed in then is led on by the page.
import type { Failure } from '@codesync/contract';
import type { UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import { type FieldName, missingFields } from './missing-fields.ts';

export interface AccountFormState {
  readonly isPending: boolean;
  /** Null when nothing is wrong. */
  readonly error: unknown;
  readonly submit: (values: FormData) => void;
}

export function useAccountForm<Request>(
  names: readonly FieldName[],
  mutation: UseMutationResult<unknown, Error, Request>,
  request: (values: FormData) => Request,
): AccountFormState {
  const [missing, setMissing] = useState<Failure>();
  return {
    isPending: mutation.isPending,
    error: missing ?? mutation.error,
    submit: (values) => {
      const lacking = missingFields(values, names);
      setMissing(lacking);
      if (lacking === undefined) mutation.mutate(request(values));
    },
  };
}
