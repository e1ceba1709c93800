// An address that leads nowhere.
import type { ReactNode } from 'react';
import { LinkButton } from '../ui/link-button.tsx';
import { NoticePage } from './notice-page.tsx';

export function NotFoundPage(): ReactNode {
  return (
    <NoticePage heading="There is nothing here" text="The address may be mistyped, or what was here is gone.">
      <LinkButton to="/documents" variant="primary">
        Go to your documents
      </LinkButton>
    </NoticePage>
  );
}
