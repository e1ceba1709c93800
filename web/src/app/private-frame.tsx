// What pages behind the sign-in share: news in the corner, and one language for what the components say by themselves.
import type { ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { ToastProvider } from '../ui/toast.tsx';

export function PrivateFrame({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <I18nProvider locale="en">
      <ToastProvider>{children}</ToastProvider>
    </I18nProvider>
  );
}
