// The headers of a message that a proxy passes on: all as they came, but those that are about one connection.
import type { IncomingMessage } from 'node:http';

/** Name, value, name, value: in order and as they were spelled, as node:http has them. */
type RawHeaders = string[];

const OF_ONE_CONNECTION = new Set(['connection', 'keep-alive', 'proxy-connection', 'expect', 'upgrade']);

/** To a task, told for whom it is. */
export function requestHeaders(request: IncomingMessage): RawHeaders {
  return [...without(request.rawHeaders, OF_ONE_CONNECTION), ...forwarded(request)];
}

/** To a task as well, with the upgrade that it is asked for. */
export function upgradeHeaders(request: IncomingMessage): RawHeaders {
  return [...without(request.rawHeaders, new Set()), ...forwarded(request)];
}

/** Back from a task. Node says itself how the body is cut. */
export function responseHeaders(response: IncomingMessage): RawHeaders {
  return without(response.rawHeaders, new Set([...OF_ONE_CONNECTION, 'transfer-encoding']));
}

function forwarded(request: IncomingMessage): RawHeaders {
  const before = request.headers['x-forwarded-for'];
  const from = [before ?? [], request.socket.remoteAddress ?? 'unknown'].flat().join(', ');
  return ['x-forwarded-for', from, 'x-forwarded-proto', 'http'];
}

function without(headers: readonly string[], names: ReadonlySet<string>): RawHeaders {
  const kept: RawHeaders = [];
  for (let index = 0; index < headers.length; index += 2) {
    const [name = '', value = ''] = headers.slice(index, index + 2);
    const key = name.toLowerCase();
    // Only who is asked says for whom it asks.
    if (!names.has(key) && !key.startsWith('x-forwarded-')) kept.push(name, value);
  }
  return kept;
}
