// The one polite live region: what happened, for people who do not see it happen. Nothing is drawn.
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';

type Announce = (text: string) => void;

const AnnouncerContext = createContext<Announce | undefined>(undefined);

interface Announcement {
  readonly text: string;
  /** Makes the same sentence said twice two announcements. */
  readonly count: number;
}

export function AnnouncerProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [said, setSaid] = useState<Announcement>({ text: '', count: 0 });
  const announce = useCallback<Announce>((text) => setSaid(({ count }) => ({ text, count: count + 1 })), []);
  return (
    <AnnouncerContext value={announce}>
      {children}
      <div className="visually-hidden" aria-live="polite" aria-atomic="true">
        <span key={said.count}>{said.text}</span>
      </div>
    </AnnouncerContext>
  );
}

export function useAnnounce(): Announce {
  const announce = useContext(AnnouncerContext);
  if (announce === undefined) throw new Error('useAnnounce needs an AnnouncerProvider above it.');
  return announce;
}
