// What can be done with a document from its row, and how the person hears of it: done at once, undone from the news.
import type { DocumentResponse } from '@codesync/contract';
import { useDeleteDocument, useRestoreDocument, useTrashDocument, useUpdateDocument } from '../api/documents.ts';
import { messageOf } from '../api/answers.ts';
import { useToast } from '../ui/toast.tsx';

export interface DocumentActions {
  readonly rename: (document: DocumentResponse, title: string) => void;
  readonly trash: (document: DocumentResponse) => void;
  readonly restore: (document: DocumentResponse) => void;
  readonly deleteForGood: (document: DocumentResponse) => void;
  readonly copyLink: (document: DocumentResponse) => void;
}

/** For the page, not for a row: a row is gone by the time its undo is pressed. */
export function useDocumentActions(): DocumentActions {
  const toast = useToast();
  const update = useUpdateDocument();
  const trash = useTrashDocument();
  const restore = useRestoreDocument();
  const remove = useDeleteDocument();

  const failed =
    (what: string) =>
    (error: unknown): void =>
      toast({ text: `${what} ${messageOf(error)}`, tone: 'bad' });

  const putBack = (document: DocumentResponse): void => {
    restore
      .mutateAsync(document.id)
      .then(
        () => toast({ text: `“${document.title}” is back in the list.` }),
        failed(`“${document.title}” is still in the trash.`),
      );
  };

  return {
    rename: (document, title) => {
      update.mutateAsync({ id: document.id, title }).catch(failed(`“${document.title}” keeps its title.`));
    },
    trash: (document) => {
      trash.mutateAsync(document.id).then(
        () =>
          toast({
            text: `“${document.title}” is in the trash.`,
            action: { label: 'Undo', run: () => putBack(document) },
          }),
        failed(`“${document.title}” was not moved to the trash.`),
      );
    },
    restore: putBack,
    deleteForGood: (document) => {
      remove
        .mutateAsync(document.id)
        .then(
          () => toast({ text: `“${document.title}” is deleted for good.` }),
          failed(`“${document.title}” was not deleted.`),
        );
    },
    copyLink: (document) => {
      navigator.clipboard.writeText(`${location.origin}/d/${document.id}`).then(
        () => toast({ text: 'The link is copied. It opens for people with access.' }),
        () => toast({ text: 'This browser does not allow copying.', tone: 'bad' }),
      );
    },
  };
}
