// The one address of a cluster: the web app, and each request and each socket to a task, in turn, without stickiness.
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Balancer } from './balancer.ts';
import { joinSocket } from './join-socket.ts';
import { passRequest } from './pass-request.ts';

export interface Front {
  readonly request: RequestListener;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

export function createFront({ balancer, web }: { balancer: Balancer; web: RequestListener }): Front {
  return {
    request(request, response) {
      const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
      if (isBelow(path, '/api')) passRequest(request, response, balancer, balancer.choose('api'));
      else if (isBelow(path, '/socket')) passRequest(request, response, balancer, balancer.choose('sync'));
      else web(request, response);
    },
    upgrade: (request, socket, head) => joinSocket(request, socket, head, balancer, balancer.choose('sync')),
  };
}

const isBelow = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);
