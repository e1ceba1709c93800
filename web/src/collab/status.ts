// The truthful status (R24): from what is known to what is said. Never derived from a socket being open alone.
import { CLOSE, type Role } from '@codesync/contract';
import type { EditCounts } from './edit-ledger.ts';

export type Link =
  /** The first connection is under way. */
  | 'connecting'
  | 'open'
  /** Gone; it is being tried again. */
  | 'lost'
  /** The server said not to come back, or this client decided so. */
  | 'closed';

export interface SessionFacts extends EditCounts {
  readonly link: Link;
  /** Everything that the server had when this connection began has arrived. */
  readonly synced: boolean;
  /** Text was received at least once: there is something to show. */
  readonly ready: boolean;
  /** Unknown until the server said it. */
  readonly role: Role | undefined;
  /** The permanent close code. */
  readonly refusal: number | undefined;
  /** The server's document is another one than the one this tab began with (R23). */
  readonly replaced: boolean;
}

export const INITIAL_FACTS: SessionFacts = {
  link: 'connecting',
  synced: false,
  ready: false,
  role: undefined,
  refusal: undefined,
  replaced: false,
  edits: 0,
  logged: 0,
  durable: 0,
};

export interface SaveStatus {
  readonly kind: 'saving' | 'synced' | 'saved' | 'offline' | 'read-only';
  /** Begins with Saving, Synced, Saved, Offline or Read-only. */
  readonly text: string;
  /** One sentence more, for those who ask. */
  readonly detail: string;
  readonly tone: 'neutral' | 'good' | 'warn' | 'bad';
}

const REFUSALS: ReadonlyMap<number | undefined, string> = new Map([
  [CLOSE.notSignedIn, 'you are signed out.'],
  [CLOSE.noAccess, 'you have no access any more.'],
  [CLOSE.notFound, 'this document was deleted.'],
  [CLOSE.tooLarge, 'this document is too large for the server to take more.'],
]);

export function statusOf(facts: SessionFacts): SaveStatus {
  const unlogged = facts.edits - facts.logged;
  if (facts.replaced || facts.link === 'closed') return refused(facts, unlogged);
  if (facts.link !== 'open' || !facts.synced) return offline(facts, unlogged);
  if (facts.role === 'viewer') return viewing(unlogged);
  if (unlogged > 0) {
    return {
      kind: 'saving',
      text: 'Saving…',
      detail: `${edits(unlogged)} on the way to the server.`,
      tone: 'neutral',
    };
  }
  if (facts.durable < facts.edits) {
    return {
      kind: 'synced',
      text: 'Synced',
      detail: 'The server has every edit of yours. It is being written to permanent storage.',
      tone: 'good',
    };
  }
  return { kind: 'saved', text: 'Saved', detail: 'Every edit of yours is in permanent storage.', tone: 'good' };
}

/** Whether closing the tab now would lose something. */
export function wouldLose(facts: SessionFacts): boolean {
  return facts.edits > facts.logged;
}

/** Whether typing makes sense: not for viewers, not in a document that this tab may no longer write to. */
export function mayWrite(facts: SessionFacts): boolean {
  return facts.role !== 'viewer' && facts.link !== 'closed' && !facts.replaced;
}

function offline(facts: SessionFacts, unlogged: number): SaveStatus {
  if (unlogged > 0) {
    return {
      kind: 'offline',
      text: `Offline. ${edits(unlogged)} ${unlogged === 1 ? 'is' : 'are'} kept in this tab.`,
      detail: 'Keep this tab open: they are sent as soon as the server answers.',
      tone: 'warn',
    };
  }
  if (facts.link === 'open') {
    return {
      kind: 'offline',
      text: 'Offline. Catching up…',
      detail: 'The newest text is on its way.',
      tone: 'neutral',
    };
  }
  if (facts.link === 'connecting') {
    return {
      kind: 'offline',
      text: 'Offline. Connecting…',
      detail: 'The first connection is under way.',
      tone: 'neutral',
    };
  }
  return {
    kind: 'offline',
    text: 'Offline. Reconnecting…',
    detail: 'Nothing of yours is waiting. What you type now is kept in this tab until the server answers.',
    tone: 'warn',
  };
}

function viewing(unlogged: number): SaveStatus {
  if (unlogged > 0) return readOnly('you may only view this now.', unlogged);
  return {
    kind: 'read-only',
    text: 'Read-only: you can view this document.',
    detail: 'An owner can make you an editor.',
    tone: 'neutral',
  };
}

function refused(facts: SessionFacts, unlogged: number): SaveStatus {
  if (facts.replaced)
    return readOnly('this document was replaced on the server. Copy what you need, then reload.', unlogged);
  return readOnly(REFUSALS.get(facts.refusal) ?? 'the server refused this tab.', unlogged);
}

function readOnly(why: string, unlogged: number): SaveStatus {
  const lost =
    unlogged > 0 ? ` ${edits(unlogged)} of yours ${unlogged === 1 ? 'was' : 'were'} not saved: copy the text.` : '';
  return {
    kind: 'read-only',
    text: `Read-only: ${why}${lost}`,
    detail: 'The text stays here to be read and copied until you close the tab.',
    tone: 'bad',
  };
}

function edits(count: number): string {
  return `${count} ${count === 1 ? 'edit' : 'edits'}`;
}
