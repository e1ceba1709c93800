// The frame of both forms: fields, what went wrong beside them, one button, and the way to the other form.
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import { Failure } from '@codesync/contract';
import { Redirect, useSearch } from 'wouter';
import { useMe } from '../api/accounts.ts';
import { messageOf } from '../api/answers.ts';
import { Content, PageHeading, SkipLink, usePageTitle } from '../app/page.tsx';
import { TopBar } from '../app/top-bar.tsx';
import { Button } from '../ui/button.tsx';
import { returnTo } from './return-to.ts';
import './account-form.css';

export interface AccountFormProps {
  readonly heading: string;
  /** The verb on its button. */
  readonly action: string;
  readonly isPending: boolean;
  readonly error: unknown;
  /** Called with what the fields hold. */
  readonly onSubmit: (values: FormData) => void;
  readonly children: ReactNode;
  /** The link to the other form. */
  readonly other: ReactNode;
}

export function AccountForm(props: AccountFormProps): ReactNode {
  const form = useRef<HTMLFormElement>(null);
  const me = useMe();
  const search = useSearch();
  usePageTitle(props.heading);

  const { error } = props;
  useEffect(() => {
    if (error !== null) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [error]);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!props.isPending) props.onSubmit(new FormData(event.currentTarget));
  };

  // After signing in here, and for people who are signed in already.
  if (me.data) return <Redirect to={returnTo(search, location.origin)} replace />;

  return (
    <div className="account-page">
      <SkipLink />
      <TopBar />
      <Content className="account-page__content">
        <form className="account-form" ref={form} onSubmit={submit} noValidate>
          <PageHeading>{props.heading}</PageHeading>
          <div className="account-form__fields">{props.children}</div>
          <FormAlert error={error} />
          <Button type="submit" variant="primary" isPending={props.isPending}>
            {props.action}
          </Button>
          <p className="account-form__other">{props.other}</p>
        </form>
      </Content>
    </div>
  );
}

/** Always in the page, so that what comes into it is read out. What stands under a field is not shown twice, only said. */
function FormAlert({ error }: { readonly error: unknown }): ReactNode {
  const fields = error instanceof Failure ? (error.errors ?? []) : [];
  const text =
    error === null ? '' : fields.length > 0 ? fields.map(({ message }) => message).join(' ') : messageOf(error);
  return (
    <div role="alert" className={text === '' || fields.length > 0 ? 'visually-hidden' : 'account-form__alert'}>
      {text}
    </div>
  );
}
