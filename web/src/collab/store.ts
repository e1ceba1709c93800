// One immutable value that can be watched: what React reads through useSyncExternalStore, without knowing React.

export interface ReadableStore<T> {
  readonly getSnapshot: () => T;
  /** Calls after each change; returns the stop. */
  readonly subscribe: (listener: () => void) => () => void;
}

export interface Store<T> extends ReadableStore<T> {
  /** The same value again tells nobody. */
  readonly set: (value: T) => void;
}

export function createStore<T>(initial: T): Store<T> {
  let current = initial;
  const listeners = new Set<() => void>();
  return {
    getSnapshot: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    set(value) {
      if (Object.is(value, current)) return;
      current = value;
      for (const listener of listeners) listener();
    },
  };
}
