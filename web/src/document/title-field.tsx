// The document's title, edited in place: kept on Enter and on leaving it, taken back by Esc.
import { DocumentTitle, type DocumentResponse } from '@codesync/contract';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { messageOf } from '../api/answers.ts';
import { useUpdateDocument } from '../api/documents.ts';
import { useToast } from '../ui/toast.tsx';

export interface TitleFieldProps {
  readonly document: DocumentResponse;
  readonly isReadOnly: boolean;
  /** Enter was pressed: the focus belongs in the text again. */
  readonly onDone: () => void;
}

export function TitleField({ document, isReadOnly, onDone }: TitleFieldProps): ReactNode {
  // Undefined while nobody edits it: then it shows what the server says.
  const [draft, setDraft] = useState<string>();
  const isCancelled = useRef(false);
  const update = useUpdateDocument();
  const toast = useToast();

  const keep = (): void => {
    const title = DocumentTitle.safeParse(draft ?? document.title);
    setDraft(undefined);
    if (isCancelled.current || draft === undefined) return;
    // An empty title is a change of mind.
    if (!title.success) {
      if (draft.trim() !== '')
        toast({ text: title.error.issues[0]?.message ?? 'That title cannot be kept.', tone: 'bad' });
      return;
    }
    if (title.data === document.title) return;
    update.mutate(
      { id: document.id, title: title.data },
      { onError: (error) => toast({ text: `The title was not changed. ${messageOf(error)}`, tone: 'bad' }) },
    );
  };

  const whenPressed = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    // The focus moves while the key is down: the text would take the Enter for a new line.
    event.preventDefault();
    isCancelled.current = event.key === 'Escape';
    event.currentTarget.blur();
    isCancelled.current = false;
    onDone();
  };

  return (
    <input
      className="title-field"
      aria-label="Title"
      value={draft ?? document.title}
      readOnly={isReadOnly}
      spellCheck={false}
      autoComplete="off"
      maxLength={200}
      onFocus={(event) => {
        if (!isReadOnly) event.currentTarget.select();
      }}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={whenPressed}
    />
  );
}
