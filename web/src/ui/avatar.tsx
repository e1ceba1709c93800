// A person as a coloured disc with initials: told apart by letters where colours look alike.
import type { CSSProperties, ReactNode } from 'react';
import { initials } from './initials.ts';
import './avatar.css';

export interface AvatarProps {
  readonly name: string;
  /** #rrggbb, from presenceColor. */
  readonly color: string;
}

/** Decoration: whoever shows it says the name beside it or as the label of its button. */
export function Avatar({ name, color }: AvatarProps): ReactNode {
  return (
    <span
      className="avatar"
      style={{ '--avatar-color': color } as CSSProperties}
      data-initials={initials(name)}
      aria-hidden="true"
    />
  );
}
