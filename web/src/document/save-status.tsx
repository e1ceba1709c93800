// The save status (R24): what is true about one's edits, in words first and a colour beside them.
import type { ReactNode } from 'react';
import type { DocumentSession } from '../collab/session.ts';
import { statusOf } from '../collab/status.ts';
import { useStore } from '../collab/use-document-session.ts';

export function SaveStatusText({ session }: { readonly session: DocumentSession }): ReactNode {
  const kind = useStore(session.facts, (facts) => statusOf(facts).kind);
  const tone = useStore(session.facts, (facts) => statusOf(facts).tone);
  const text = useStore(session.facts, (facts) => statusOf(facts).text);
  // Saving and saved follow every pause in typing: read aloud each time they would drown everything else.
  const isRoutine = kind === 'saving' || kind === 'synced' || kind === 'saved';
  return (
    <output
      className="save-status"
      aria-label="Save status"
      aria-live={isRoutine ? 'off' : 'polite'}
      data-tone={tone}
      data-kind={kind}
    >
      <span className="save-status__text">{text}</span>
    </output>
  );
}
