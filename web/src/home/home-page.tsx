// The first page: what CodeSync is, shown rather than told, and one way in.
import type { ReactNode } from 'react';
import { useMe } from '../api/accounts.ts';
import { Content, PageHeading, SkipLink, usePageTitle } from '../app/page.tsx';
import { TopBar } from '../app/top-bar.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { LiveEditor } from './live-editor.tsx';
import './home-page.css';

export function HomePage(): ReactNode {
  usePageTitle('');
  const me = useMe();
  // Until it is known who asks, the buttons keep their place and stay unseen: the wrong ones must not flash by.
  const isUnknown = me.isPending && me.failureCount === 0;
  const isSignedIn = Boolean(me.data);
  return (
    <div className="home" data-unknown={isUnknown}>
      <SkipLink />
      <TopBar>
        <span className="home__way">
          {isSignedIn ? null : (
            <LinkButton to="/login" variant="quiet">
              Sign in
            </LinkButton>
          )}
        </span>
      </TopBar>
      <Content className="home__content">
        <div className="home__words">
          <PageHeading className="home__sentence">
            Write code together in one document, and keep every keystroke.
          </PageHeading>
          <span className="home__way">
            {isSignedIn ? (
              <LinkButton to="/documents" variant="primary">
                Open your documents
              </LinkButton>
            ) : (
              <LinkButton to="/register" variant="primary">
                Create account
              </LinkButton>
            )}
          </span>
        </div>
        <LiveEditor />
      </Content>
    </div>
  );
}
