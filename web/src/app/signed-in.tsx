// Stands before private pages: lets in who is signed in, sends others to the sign-in page with the way back.
import type { User } from '@codesync/contract';
import { createContext, type ReactNode, useContext } from 'react';
import { Redirect, useLocation, useSearch } from 'wouter';
import { useMe } from '../api/accounts.ts';
import { messageOf } from '../api/answers.ts';
import { signInAddress } from '../accounts/return-to.ts';
import { NoticePage } from './notice-page.tsx';
import { PageSkeleton } from './page-skeleton.tsx';

const UserContext = createContext<User | undefined>(undefined);

export function SignedIn({ children }: { readonly children: ReactNode }): ReactNode {
  const me = useMe();
  const [path] = useLocation();
  const search = useSearch();

  if (me.data === null) return <Redirect to={signInAddress(search === '' ? path : `${path}?${search}`)} replace />;
  if (me.data !== undefined) return <UserContext value={me.data}>{children}</UserContext>;
  if (me.isPending) return <PageSkeleton />;
  return (
    <NoticePage heading="CodeSync cannot be reached" text={messageOf(me.error)}>
      <button type="button" className="button" data-variant="primary" onClick={() => void me.refetch()}>
        Try again
      </button>
    </NoticePage>
  );
}

/** The person who is signed in, on private pages. */
export function useUser(): User {
  const user = useContext(UserContext);
  if (user === undefined) throw new Error('useUser is for private pages.');
  return user;
}
