// What is said for what is known.
import { CLOSE } from '@codesync/contract';
import { describe, expect, it } from 'vitest';
import { INITIAL_FACTS, mayWrite, type SessionFacts, statusOf, wouldLose } from './status.ts';

const live: SessionFacts = { ...INITIAL_FACTS, link: 'open', synced: true, ready: true, role: 'editor' };
const say = (changes: Partial<SessionFacts>): string => statusOf({ ...live, ...changes }).text;

describe('R24: the status says what is true', () => {
  it.each<[string, Partial<SessionFacts>]>([
    ['Saved', {}],
    ['Saved', { edits: 3, logged: 3, durable: 3 }],
    ['Synced', { edits: 3, logged: 3, durable: 2 }],
    ['Saving…', { edits: 3, logged: 2, durable: 2 }],
    ['Offline. Connecting…', { link: 'connecting', synced: false }],
    ['Offline. Catching up…', { synced: false }],
    ['Offline. Reconnecting…', { link: 'lost', synced: false, edits: 3, logged: 3, durable: 1 }],
    ['Offline. 1 edit is kept in this tab.', { link: 'lost', synced: false, edits: 4, logged: 3 }],
    ['Offline. 14 edits are kept in this tab.', { link: 'lost', synced: false, edits: 14 }],
    ['Offline. 2 edits are kept in this tab.', { link: 'open', synced: false, edits: 2 }],
    ['Read-only: you can view this document.', { role: 'viewer' }],
    ['Read-only: you are signed out.', { link: 'closed', refusal: CLOSE.notSignedIn }],
    ['Read-only: you have no access any more.', { link: 'closed', refusal: CLOSE.noAccess }],
    ['Read-only: this document was deleted.', { link: 'closed', refusal: CLOSE.notFound }],
  ])('%s', (text, changes) => {
    expect(say(changes)).toBe(text);
  });

  it('edits that a refusal or a demotion leaves behind are counted', () => {
    expect(say({ link: 'closed', refusal: CLOSE.noAccess, edits: 2 })).toContain('2 edits of yours were not saved');
    expect(say({ role: 'viewer', edits: 1 })).toContain('1 edit of yours was not saved');
    expect(say({ replaced: true, link: 'closed', edits: 5 })).toContain('replaced on the server');
  });

  it('“Saved” is never said while the link is down, text is missing, or an edit is not durable', () => {
    for (const link of ['connecting', 'open', 'lost', 'closed'] as const) {
      for (const synced of [true, false]) {
        for (const durable of [0, 1, 2]) {
          const isTrue = link === 'open' && synced && durable === 2;
          expect(say({ link, synced, edits: 2, logged: 2, durable }) === 'Saved').toBe(isTrue);
        }
      }
    }
  });

  it('every text begins with a word of the contract', () => {
    for (const link of ['connecting', 'open', 'lost', 'closed'] as const) {
      for (const role of [undefined, 'viewer', 'editor'] as const) {
        for (const refusal of [undefined, 4400, 4401, 4403, 4404, 4413, 4499]) {
          expect(say({ link, role, refusal, edits: 1 })).toMatch(/^(Saving|Synced|Saved|Offline|Read-only)/);
        }
      }
    }
  });
});

it('closing the tab loses what is not logged, and nothing else', () => {
  expect(wouldLose({ ...live, edits: 2, logged: 1 })).toBe(true);
  expect(wouldLose({ ...live, link: 'lost', edits: 2, logged: 2 })).toBe(false);
});

it('typing is possible offline, not for viewers, not after a refusal', () => {
  expect(mayWrite({ ...live, link: 'lost', synced: false })).toBe(true);
  expect(mayWrite({ ...live, role: 'viewer' })).toBe(false);
  expect(mayWrite({ ...live, link: 'closed', refusal: CLOSE.noAccess })).toBe(false);
});
