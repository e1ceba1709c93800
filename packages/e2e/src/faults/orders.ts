// What the fault suite tells a sync task that runs faulty-sync-main.ts, over Node's IPC channel, and what the task answers.

/** Places on an edit's road at which a task can be made to die or to stand still. */
export type Point =
  /** The append was sent, and not answered. */
  | 'during-append'
  /** It was answered; nobody was told. */
  | 'after-append'
  /** The snapshot's object is written; no row names it. */
  | 'after-upload'
  /** The row names it; nobody was told. */
  | 'after-commit'
  /** All tasks were told; the log is as long as before. */
  | 'before-trim';

export type Order =
  /** The next time that the task comes by this point, it sends this signal to itself. */
  | { readonly kind: 'strike'; readonly at: Point; readonly signal: 'SIGKILL' | 'SIGSTOP' }
  /** A strike that did not happen yet never will. */
  | { readonly kind: 'spare' }
  /** While on, what the task hears from others comes late, twice and in another order. */
  | { readonly kind: 'disorder'; readonly on: boolean }
  /** Milliseconds that the task's clock is wrong by. */
  | { readonly kind: 'clock'; readonly offset: number }
  /** Answered with what is left after a garbage collection. */
  | { readonly kind: 'weigh' };

export type Answer =
  /** Sent just before the signal. */
  { readonly kind: 'struck'; readonly at: Point } | { readonly kind: 'weight'; readonly bytes: number };
