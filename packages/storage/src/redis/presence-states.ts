// Presence states as text: `[clientId,clock,state]` in JSON. Scripts pass it on without reading it.
import type { PresenceState } from '../presence-bus.ts';

/** One run of one task: what restarts is another. */
export type TaskId = string;

export interface OwnedState extends PresenceState {
  /** Whose client it is; empty when a task was taken for dead and another one said so. */
  readonly owner: TaskId;
}

export function encodeState({ clientId, clock, state }: PresenceState): string {
  return JSON.stringify([clientId, clock, state]);
}

/** A message on a document's channel: `["<owner>",[<state>,…]]`. undefined when it is something else. */
export function decodeMessage(message: string): readonly OwnedState[] | undefined {
  const value = parse(message);
  if (!Array.isArray(value)) return undefined;
  const [owner, list] = value as unknown[];
  if (typeof owner !== 'string' || !Array.isArray(list)) return undefined;
  const states = (list as unknown[]).map((one) => decodeState(owner, one));
  return states.every((state) => state !== undefined) ? states : undefined;
}

/** A field of a document's hash: `<clock> <owner> <state>`. undefined when it is something else. */
export function decodeField(field: string): OwnedState | undefined {
  const [, owner, text] = /^\d+ (\S+) (.*)$/s.exec(field) ?? [];
  return owner === undefined || text === undefined ? undefined : decodeState(owner, parse(text));
}

function decodeState(owner: TaskId, value: unknown): OwnedState | undefined {
  if (!Array.isArray(value)) return undefined;
  const [clientId, clock, state] = value as unknown[];
  if (!isCount(clientId) || !isCount(clock) || !(state === null || typeof state === 'string')) return undefined;
  return { clientId, clock, state, owner };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
