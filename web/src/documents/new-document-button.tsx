// Makes an empty document and goes to it.
import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { messageOf } from '../api/answers.ts';
import { useCreateDocument } from '../api/documents.ts';
import { Button } from '../ui/button.tsx';
import { useToast } from '../ui/toast.tsx';

export function NewDocumentButton(): ReactNode {
  const create = useCreateDocument();
  const toast = useToast();
  const [, navigate] = useLocation();
  const make = (): void => {
    create.mutate(
      {},
      {
        onSuccess: ({ id }) => navigate(`/d/${id}`),
        onError: (error) => toast({ text: `No document was made. ${messageOf(error)}`, tone: 'bad' }),
      },
    );
  };
  return (
    <Button variant="primary" onPress={make} isPending={create.isPending}>
      {!create.isPending && <Plus size={16} aria-hidden="true" />}
      New document
    </Button>
  );
}
