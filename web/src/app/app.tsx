// The whole of the page: what is handed down to every part of it.
import type { ApiClient } from '@codesync/api/client';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, Suspense } from 'react';
import { useLocation } from 'wouter';
import { ApiProvider } from '../api/api-context.tsx';
import { AnnouncerProvider } from '../ui/announcer.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { NavigationProvider } from './page.tsx';
import { PageSkeleton } from './page-skeleton.tsx';
import { Pages } from './pages.tsx';
import { ThemeProvider } from './theme.tsx';

export interface AppProps {
  readonly api: ApiClient;
  readonly queries: QueryClient;
}

export function App({ api, queries }: AppProps): ReactNode {
  const [place] = useLocation();
  return (
    <QueryClientProvider client={queries}>
      <ApiProvider api={api}>
        <ThemeProvider>
          <AnnouncerProvider>
            <NavigationProvider>
              <ErrorBoundary place={place}>
                <Suspense fallback={<PageSkeleton />}>
                  <Pages />
                </Suspense>
              </ErrorBoundary>
            </NavigationProvider>
          </AnnouncerProvider>
        </ThemeProvider>
      </ApiProvider>
    </QueryClientProvider>
  );
}
