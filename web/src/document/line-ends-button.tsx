// Line ends are LF in every document (R21); here it says so.
import type { ReactNode } from 'react';
import { Popover } from '../ui/popover.tsx';
import { StatusButton } from './status-button.tsx';

export function LineEndsButton(): ReactNode {
  return (
    <Popover
      label="Line ends"
      placement="top end"
      trigger={
        <StatusButton hint="About line ends" isMinor>
          LF
        </StatusButton>
      }
    >
      <p className="status-popover">
        Lines end with LF for everyone, so that no two people edit different texts. CRLF that is pasted becomes LF.
      </p>
    </Popover>
  );
}
