// A title being changed in its place: kept on Enter and on leaving, dropped on Esc or when nothing is left of it.
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { TextField } from '../ui/text-field.tsx';

export interface RenameFieldProps {
  readonly title: string;
  readonly onKeep: (title: string) => void;
  readonly onCancel: () => void;
}

export function RenameField({ title, onKeep, onCancel }: RenameFieldProps): ReactNode {
  const [typed, setTyped] = useState(title);
  const input = useRef<HTMLInputElement>(null);
  // Leaving the field is also what taking it away does: only the first word counts.
  const isOver = useRef(false);

  useEffect(() => {
    isOver.current = false;
    input.current?.focus();
    input.current?.select();
  }, []);

  const finish = (isKept: boolean): void => {
    if (isOver.current) return;
    isOver.current = true;
    const next = typed.trim();
    if (isKept && next !== '') onKeep(next);
    else onCancel();
  };

  return (
    <div className="row__rename">
      <TextField
        label="Title"
        isLabelHidden
        value={typed}
        onChange={setTyped}
        maxLength={200}
        inputRef={input}
        autoComplete="off"
        onBlur={() => finish(true)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) finish(true);
          else if (event.key === 'Escape') finish(false);
          else event.continuePropagation();
        }}
      />
    </div>
  );
}
