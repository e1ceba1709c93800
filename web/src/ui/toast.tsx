// News that passes: what was done, with its undo. Read out by screen readers; time stops under the pointer and the focus.
import { X } from 'lucide-react';
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { Text } from 'react-aria-components/Text';
import {
  UNSTABLE_Toast as AriaToast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components/Toast';
import { Button } from './button.tsx';
import { IconButton } from './icon-button.tsx';
import './toast.css';

interface ToastMessage {
  readonly text: string;
  readonly tone?: 'normal' | 'bad';
  /** A verb, such as Undo, and what it does. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

export type ShowToast = (message: ToastMessage) => void;

/** Milliseconds; one with an action stays longer, because it may be the only way back. */
const TIMEOUT = 5_000;
const TIMEOUT_WITH_ACTION = 10_000;

const ToastContext = createContext<ShowToast | undefined>(undefined);

export function ToastProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [queue] = useState(() => new ToastQueue<ToastMessage>({ maxVisibleToasts: 3 }));
  const show = useMemo<ShowToast>(
    () => (message) => {
      queue.add(message, { timeout: message.action === undefined ? TIMEOUT : TIMEOUT_WITH_ACTION });
    },
    [queue],
  );
  return (
    <ToastContext value={show}>
      {children}
      <ToastRegion className="toasts" queue={queue} aria-label="News">
        {({ toast }) => (
          <AriaToast className="toast" toast={toast} data-tone={toast.content.tone ?? 'normal'}>
            <ToastContent className="toast__text">
              <Text slot="title">{toast.content.text}</Text>
            </ToastContent>
            {toast.content.action !== undefined && (
              <Button
                variant="quiet"
                onPress={() => {
                  toast.content.action?.run();
                  queue.close(toast.key);
                }}
              >
                {toast.content.action.label}
              </Button>
            )}
            <IconButton label="Dismiss" onPress={() => queue.close(toast.key)}>
              <X size={14} aria-hidden="true" />
            </IconButton>
          </AriaToast>
        )}
      </ToastRegion>
    </ToastContext>
  );
}

export function useToast(): ShowToast {
  const show = useContext(ToastContext);
  if (show === undefined) throw new Error('useToast needs a ToastProvider above it.');
  return show;
}
