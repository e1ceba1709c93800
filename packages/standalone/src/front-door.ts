// The one port: which part answers which request and which upgrade.
import { answerSocketRequest, pathOf, type SyncServer } from '@codesync/sync-server';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

export interface Parts {
  readonly api: RequestListener;
  readonly sync: Pick<SyncServer, 'upgrade' | 'ready'>;
  readonly web: RequestListener;
}

const isBelow = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

export function answerRequest(parts: Parts, request: IncomingMessage, response: ServerResponse): void {
  const path = pathOf(request);
  if (isBelow(path, '/api')) parts.api(request, response);
  else if (isBelow(path, '/socket')) void answerSocketRequest(parts.sync, request, response);
  else parts.web(request, response);
}
