// Light or dark: the person's choice on this device, else the system's. The shell follows by CSS; editors ask `useTheme`.
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from 'react';

export type ThemeChoice = 'system' | 'light' | 'dark';

export interface Theme {
  readonly choice: ThemeChoice;
  /** What the choice comes to now. */
  readonly scheme: 'light' | 'dark';
  /** The system asks for high contrast, or forces its own colours. */
  readonly isHighContrast: boolean;
  readonly choose: (choice: ThemeChoice) => void;
}

/** public/theme.js reads it before the first paint. */
const STORED = 'codesync.theme';
const DARK = '(prefers-color-scheme: dark)';
const CONTRAST = '(prefers-contrast: more), (forced-colors: active)';

const ThemeContext = createContext<Theme | undefined>(undefined);

export function ThemeProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const choice = useSyncExternalStore(subscribeToChoice, currentChoice);
  const isSystemDark = useMedia(DARK);
  const isHighContrast = useMedia(CONTRAST);

  useEffect(() => {
    const fromOtherTab = (event: StorageEvent): void => {
      if (event.key === STORED) applyChoice(toChoice(event.newValue));
    };
    addEventListener('storage', fromOtherTab);
    return () => removeEventListener('storage', fromOtherTab);
  }, []);

  const scheme = choice === 'system' ? (isSystemDark ? 'dark' : 'light') : choice;
  const theme = useMemo<Theme>(
    () => ({ choice, scheme, isHighContrast, choose: rememberChoice }),
    [choice, scheme, isHighContrast],
  );
  return <ThemeContext value={theme}>{children}</ThemeContext>;
}

export function useTheme(): Theme {
  const theme = useContext(ThemeContext);
  if (theme === undefined) throw new Error('useTheme needs a ThemeProvider above it.');
  return theme;
}

// The attribute on <html> is the truth: theme.js sets it before any of this runs.
const CHOICE_CHANGED = 'codesync:theme';

function currentChoice(): ThemeChoice {
  return toChoice(document.documentElement.dataset['theme'] ?? null);
}

function subscribeToChoice(notify: () => void): () => void {
  addEventListener(CHOICE_CHANGED, notify);
  return () => removeEventListener(CHOICE_CHANGED, notify);
}

function applyChoice(choice: ThemeChoice): void {
  if (choice === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = choice;
  dispatchEvent(new Event(CHOICE_CHANGED));
}

function rememberChoice(choice: ThemeChoice): void {
  applyChoice(choice);
  try {
    localStorage.setItem(STORED, choice);
  } catch {
    // Storage is closed to this page: the choice holds until the tab does.
  }
}

function toChoice(stored: string | null): ThemeChoice {
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (notify: () => void) => {
      const list = matchMedia(query);
      list.addEventListener('change', notify);
      return () => list.removeEventListener('change', notify);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
