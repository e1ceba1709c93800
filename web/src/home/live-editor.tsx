// The editor on the first page, with two people typing in it: drawn from the play, no Monaco. Decoration, so hidden from screen readers.
import { Pause, Play } from 'lucide-react';
import { type CSSProperties, type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { Avatar } from '../ui/avatar.tsx';
import { highlight } from './highlight.ts';
import { PEOPLE, SCENES, TITLE } from './play.ts';
import type { Caret, Scene } from './scene.ts';
import './live-editor.css';

/** Milliseconds a letter takes: a quick typist. */
const TICK = 72;

/** Ticks for which the finished text stays before the play begins again. */
const CURTAIN = 110;

const LAST = SCENES.length - 1;
const EMPTY: Scene = { lines: [], carets: [], isTyping: false };

export function LiveEditor(): ReactNode {
  const isStill = useSyncExternalStore(subscribeToMotion, prefersStill);
  const [isPaused, setPaused] = useState(false);
  const [tick, setTick] = useState(0);

  useEffect(() => {
    if (isStill || isPaused) return;
    const timer = setInterval(() => setTick((now) => (document.hidden ? now : (now + 1) % (LAST + CURTAIN))), TICK);
    return () => clearInterval(timer);
  }, [isStill, isPaused]);

  const at = isStill ? LAST : Math.min(tick, LAST);
  const scene = SCENES[at] ?? EMPTY;
  const isSaving = SCENES.slice(Math.max(0, at - 5), at + 1).some(({ isTyping }) => isTyping) && tick < LAST + 8;

  return (
    <figure className="live">
      <div className="live__window" aria-hidden="true">
        <div className="live__bar">
          <span className="live__title">{TITLE}</span>
          <span className="live__people">
            {PEOPLE.map(({ name, color }) => (
              <Avatar key={name} name={name} color={color} />
            ))}
          </span>
          <span className="live__share">Share</span>
        </div>
        <div className="live__text">
          {scene.lines.map((line, index) => (
            // Lines have no identity of their own: the one that is typed into moves down as others come before it.
            // oxlint-disable-next-line react/no-array-index-key
            <Line key={index} number={index + 1} text={line} />
          ))}
          {scene.carets.map((caret, index) => (
            <Cursor key={PEOPLE[index]?.name} caret={caret} person={PEOPLE[index] ?? PEOPLE[0]} />
          ))}
        </div>
        <div className="live__status">
          <span className={isSaving && !isStill ? 'live__saving' : 'live__saved'}>
            {isSaving && !isStill ? 'Saving' : 'Saved'}
          </span>
          <span className="live__place">
            Ln {(scene.carets[0]?.line ?? 0) + 1}, Col {(scene.carets[0]?.column ?? 0) + 1}
          </span>
          <span className="live__language">TypeScript</span>
        </div>
      </div>
      {!isStill && (
        <button
          type="button"
          className="live__pause"
          aria-label={isPaused ? 'Play the demonstration' : 'Pause the demonstration'}
          onClick={() => setPaused(!isPaused)}
        >
          {isPaused ? <Play size={12} aria-hidden="true" /> : <Pause size={12} aria-hidden="true" />}
        </button>
      )}
    </figure>
  );
}

function Line({ number, text }: { readonly number: number; readonly text: string }): ReactNode {
  return (
    <div className="live__line">
      <span className="live__number">{number}</span>
      <span>
        {highlight(text).map((token, index) => (
          // oxlint-disable-next-line react/no-array-index-key
          <span key={index} data-kind={token.kind}>
            {token.text}
          </span>
        ))}
      </span>
    </div>
  );
}

interface CursorProps {
  readonly caret: Caret;
  readonly person: (typeof PEOPLE)[number];
}

function Cursor({ caret, person }: CursorProps): ReactNode {
  const style = {
    '--person': person.color,
    '--row': caret.line,
    '--column': caret.column,
    '--anchor': caret.anchor,
  } as CSSProperties;
  return (
    <div style={style}>
      {caret.anchor !== caret.column && <span className="live__selection" />}
      <span className="live__caret">
        <span className="live__flag">{person.name}</span>
      </span>
    </div>
  );
}

const STILL = '(prefers-reduced-motion: reduce)';

function prefersStill(): boolean {
  return matchMedia(STILL).matches;
}

function subscribeToMotion(notify: () => void): () => void {
  const list = matchMedia(STILL);
  list.addEventListener('change', notify);
  return () => list.removeEventListener('change', notify);
}
