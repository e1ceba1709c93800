// The people in a document: awareness states merged by person, so that two tabs of one person are one, oneself first.
import { presenceColor, UserId } from '@codesync/contract';
import type { Awareness } from 'y-protocols/awareness';
import type { SessionUser } from './session.ts';
import type { ReadableStore } from './store.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
  /** #rrggbb */
  readonly color: string;
  readonly isYou: boolean;
  /** Viewer, editor or owner, as the server stamped it. */
  readonly role: string | undefined;
  /** Open tabs. */
  readonly tabs: number;
}

const NAMELESS = 'Someone';

/** Colours go into style sheets: nothing but a colour may pass. */
const COLOR = /^#[0-9a-f]{6}$/i;
const COLOR_LIGHT = /^#[0-9a-f]{6}(?:[0-9a-f]{2})?$/i;

/** What a stranger's awareness state says about who they are, with nothing taken on trust. */
export interface StatedUser {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly colorLight: string;
  readonly role: string | undefined;
}

export function statedUser(state: Readonly<Record<string, unknown>>, client: number): StatedUser {
  const stated: Record<string, unknown> = isRecord(state['user']) ? state['user'] : {};
  const id = textOf(stated['id']) ?? `client ${client}`;
  const fallback = presenceColor(UserId.safeParse(id).data ?? (id as UserId));
  const color = textOf(stated['color']);
  const colorLight = textOf(stated['colorLight']);
  const isColor = color !== undefined && COLOR.test(color);
  return {
    id,
    name: textOf(stated['name'])?.trim().slice(0, 80) || NAMELESS,
    color: isColor ? color : fallback.color,
    colorLight:
      colorLight !== undefined && COLOR_LIGHT.test(colorLight)
        ? colorLight
        : isColor
          ? `${color}33`
          : fallback.colorLight,
    role: textOf(stated['role']),
  };
}

/** Oneself first, then by name. */
export function peopleIn(
  states: ReadonlyMap<number, Readonly<Record<string, unknown>>>,
  you: SessionUser,
): readonly Person[] {
  const people = new Map<string, Person>();
  for (const [client, state] of states) {
    if (!isRecord(state['user'])) continue;
    const { id, name, color, role } = statedUser(state, client);
    const known = people.get(id);
    people.set(id, {
      id,
      name: id === you.id ? you.name : name,
      color,
      isYou: id === you.id,
      role,
      tabs: (known?.tabs ?? 0) + 1,
    });
  }
  return [...people.values()].toSorted(
    (one, other) => Number(other.isYou) - Number(one.isYou) || one.name.localeCompare(other.name),
  );
}

/** Changes only when somebody comes, goes or is renamed: cursors moving 20 times a second re-render nothing. */
export function watchPeople(awareness: Awareness, you: SessionUser): ReadableStore<readonly Person[]> {
  let people: readonly Person[] = [];
  let key = '';

  function look(): readonly Person[] {
    const now = peopleIn(awareness.getStates(), you);
    const nowKey = JSON.stringify(now);
    if (nowKey !== key) [people, key] = [now, nowKey];
    return people;
  }

  return {
    getSnapshot: look,
    subscribe(listener) {
      let seen = look();
      const whenChanged = (): void => {
        if (look() === seen) return;
        seen = look();
        listener();
      };
      awareness.on('change', whenChanged);
      return () => awareness.off('change', whenChanged);
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
