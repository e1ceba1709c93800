// Hands the typed client of the API to whoever asks under it.
import type { ApiClient } from '@codesync/api/client';
import { createContext, type ReactNode, useContext } from 'react';

const ApiContext = createContext<ApiClient | undefined>(undefined);

export function ApiProvider({ api, children }: { readonly api: ApiClient; readonly children: ReactNode }): ReactNode {
  return <ApiContext value={api}>{children}</ApiContext>;
}

export function useApi(): ApiClient {
  const api = useContext(ApiContext);
  if (api === undefined) throw new Error('useApi needs an ApiProvider above it.');
  return api;
}
