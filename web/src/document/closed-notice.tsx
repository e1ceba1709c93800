// Shown when the server said not to come back: why is in the save status; here is what can be done, with the text still at hand.
import { CLOSE } from '@codesync/contract';
import { useQueryClient } from '@tanstack/react-query';
import { Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import { ME } from '../api/keys.ts';
import type { DocumentSession } from '../collab/session.ts';
import { statusOf } from '../collab/status.ts';
import { useStore } from '../collab/use-document-session.ts';
import { Button } from '../ui/button.tsx';
import { useToast } from '../ui/toast.tsx';

export function ClosedNotice({ session }: { readonly session: DocumentSession }): ReactNode {
  const text = useStore(session.facts, (facts) => statusOf(facts).text);
  const toast = useToast();

  const copy = (): void => {
    navigator.clipboard.writeText(session.text.toString()).then(
      () => toast({ text: 'The text is in the clipboard.' }),
      () => toast({ text: 'The browser did not allow copying. Select the text and copy it.', tone: 'bad' }),
    );
  };

  return (
    <div className="closed-notice">
      <p>{text}</p>
      <Button onPress={copy}>
        <Copy size={14} aria-hidden="true" />
        Copy the text
      </Button>
      <WayOut session={session} />
    </div>
  );
}

function WayOut({ session }: { readonly session: DocumentSession }): ReactNode {
  const refusal = useStore(session.facts, (facts) => facts.refusal);
  const isReplaced = useStore(session.facts, (facts) => facts.replaced);
  const client = useQueryClient();

  if (isReplaced) return <Button onPress={() => location.reload()}>Reload</Button>;
  // Without leaving the page's memory: what could not be sent is sent after signing in.
  if (refusal === CLOSE.notSignedIn) return <Button onPress={() => client.setQueryData(ME, null)}>Sign in</Button>;
  return <Button onPress={session.retry}>Try again</Button>;
}
