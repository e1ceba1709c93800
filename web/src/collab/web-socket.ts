// The browser's side of a document's socket: its WebSocket, its address and the moments at which a page comes back to life.
import { CODESYNC_PARAMETER } from '@codesync/contract';
import type { Cancel } from './clock.ts';
import type { Wire, WireEvents } from './socket.ts';

/** Authenticated by the session cookie. */
export function socketAddress(origin: string, documentId: string): string {
  const address = new URL(`/socket/${documentId}`, origin);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  address.searchParams.set(CODESYNC_PARAMETER, '1');
  return address.href;
}

export function openWebSocket(address: string, events: WireEvents): Wire {
  const socket = new WebSocket(address);
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => events.opened());
  socket.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.data instanceof ArrayBuffer) events.received(new Uint8Array(event.data));
  });
  // An 'error' is always followed by a 'close', which says more.
  socket.addEventListener('close', (event) => events.closed(event.code));
  return {
    send: (frame) => socket.send(new Uint8Array(frame)),
    buffered: () => socket.bufferedAmount,
    close: () => socket.close(),
  };
}

/**
 * The network came back, the laptop woke up, or the tab is looked at again: waiting out a back-off would be a lie by then.
 * Going offline calls too: an open link is asked at once whether it lives (one to this machine does).
 */
export function onPageWake(call: () => void): Cancel {
  const whenVisible = (): void => {
    if (document.visibilityState === 'visible') call();
  };
  addEventListener('online', call);
  addEventListener('offline', call);
  addEventListener('pageshow', call);
  document.addEventListener('visibilitychange', whenVisible);
  return () => {
    removeEventListener('online', call);
    removeEventListener('offline', call);
    removeEventListener('pageshow', call);
    document.removeEventListener('visibilitychange', whenVisible);
  };
}
