// A hint: the name of what is under the pointer or the focus, with its shortcut.
import type { ReactElement, ReactNode } from 'react';
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip';
import './hint.css';

export interface HintProps {
  readonly text: string;
  /** As it is shown, such as `Ctrl+K`. */
  readonly shortcut?: string;
  /** A react-aria button or link. */
  readonly children: ReactElement;
}

export function Hint({ text, shortcut, children }: HintProps): ReactNode {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      {children}
      <Tooltip className="hint" offset={6}>
        {text}
        {shortcut !== undefined && <kbd>{shortcut}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}
