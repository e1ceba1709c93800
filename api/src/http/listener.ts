// The API as what answers the requests of a Node server.
import { getRequestListener } from '@hono/node-server';
import type { RequestListener } from 'node:http';

export function listenerOf(api: { fetch(request: Request): Response | Promise<Response> }): RequestListener {
  // Node's own Request and Response stay as they are for everyone else in this process.
  const listener = getRequestListener((request) => api.fetch(request), { overrideGlobalObjects: false });
  return (request, response) => void listener(request, response);
}
