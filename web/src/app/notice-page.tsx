// A page that says one thing: a heading, a sentence, and where to go from here.
import type { ReactNode } from 'react';
import { Content, PageHeading, SkipLink, usePageTitle } from './page.tsx';
import { TopBar } from './top-bar.tsx';

export interface NoticePageProps {
  readonly heading: string;
  /** What happened and what is safe. */
  readonly text: string;
  /** Buttons and links. */
  readonly children: ReactNode;
}

export function NoticePage({ heading, text, children }: NoticePageProps): ReactNode {
  usePageTitle(heading);
  return (
    <>
      <SkipLink />
      <TopBar />
      <Content className="content notice-page">
        <PageHeading>{heading}</PageHeading>
        <p className="notice-page__text">{text}</p>
        <div className="notice-page__actions">{children}</div>
      </Content>
    </>
  );
}
