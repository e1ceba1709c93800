// /d/<documentId>: the document if it is there and open to this person, or what is the matter.
import { DocumentId, Failure } from '@codesync/contract';
import type { ReactNode } from 'react';
import { useParams } from 'wouter';
import { messageOf } from '../api/answers.ts';
import { useDocument } from '../api/documents.ts';
import { NoticePage } from '../app/notice-page.tsx';
import { useUser } from '../app/signed-in.tsx';
import { Button } from '../ui/button.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { DocumentSkeleton } from './document-skeleton.tsx';
import { DocumentView } from './document-view.tsx';

export function DocumentPage(): ReactNode {
  const id = DocumentId.safeParse(useParams()['documentId']).data;
  return id === undefined ? <NoSuchDocument /> : <OneDocument key={id} id={id} />;
}

function OneDocument({ id }: { readonly id: DocumentId }): ReactNode {
  const user = useUser();
  const document = useDocument(id);

  // Once it is open the socket is the judge: an answer that fails later must not take the text away.
  if (document.data !== undefined) return <DocumentView document={document.data} user={user} />;
  if (document.isPending) return <DocumentSkeleton />;
  if (document.error instanceof Failure && document.error.code === 'no_access') {
    return (
      <NoticePage
        heading="You have no access to this document"
        text={`You are signed in as ${user.email}. Ask an owner of the document to add that address.`}
      >
        <ToDocuments />
      </NoticePage>
    );
  }
  if (document.error instanceof Failure && document.error.status === 404) return <NoSuchDocument />;
  return (
    <NoticePage heading="The document cannot be opened" text={messageOf(document.error)}>
      <Button variant="primary" onPress={() => void document.refetch()}>
        Try again
      </Button>
      <ToDocuments />
    </NoticePage>
  );
}

function NoSuchDocument(): ReactNode {
  return (
    <NoticePage
      heading="There is no such document"
      text="The address may be mistyped, or the document was deleted by an owner."
    >
      <ToDocuments />
    </NoticePage>
  );
}

function ToDocuments(): ReactNode {
  return <LinkButton to="/documents">Go to your documents</LinkButton>;
}
