// Whether the link is up, with what that means for one's edits and a way to try now.
import { Wifi, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DocumentSession } from '../collab/session.ts';
import { type Link, statusOf } from '../collab/status.ts';
import { useStore } from '../collab/use-document-session.ts';
import { Button } from '../ui/button.tsx';
import { Popover } from '../ui/popover.tsx';
import { StatusButton } from './status-button.tsx';

const WORDS: Record<Link, string> = {
  connecting: 'Connecting',
  open: 'Connected',
  lost: 'Not connected',
  closed: 'Closed',
};

export function ConnectionButton({ session }: { readonly session: DocumentSession }): ReactNode {
  const link = useStore(session.facts, (facts) => facts.link);
  const detail = useStore(session.facts, (facts) => statusOf(facts).detail);
  const Icon = link === 'open' || link === 'connecting' ? Wifi : WifiOff;
  return (
    <Popover
      label="Connection"
      placement="top start"
      trigger={
        <StatusButton hint="About the connection" isMinor={link === 'open'}>
          <Icon size={14} aria-hidden="true" />
          {WORDS[link]}
        </StatusButton>
      }
    >
      <div className="status-popover">
        <p>{detail}</p>
        {link === 'lost' && (
          <Button variant="primary" onPress={session.retry}>
            Try now
          </Button>
        )}
      </div>
    </Popover>
  );
}
