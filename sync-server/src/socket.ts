// What the core knows of a WebSocket, and how a `ws` socket becomes one.
import type { CloseCode } from '@codesync/contract';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { withoutSmallParts, type UpdateParts } from './yjs/update-parts.ts';

export interface Socket {
  /** Bytes that were sent and have not left this process. */
  readonly buffered: number;
  send(frame: Uint8Array): void;
  /** One frame; its large parts are not copied, and must stay as they are. */
  sendParts(frame: UpdateParts): void;
  /** What is sent meanwhile leaves in one write. */
  together(send: () => void): void;
  /** Reads no more until resumed: the sender's own buffers hold what comes. */
  pause(): void;
  resume(): void;
  ping(): void;
  close(code: CloseCode, reason: string): void;
  /** Without a farewell: for a peer that does not answer. */
  terminate(): void;
}

export function fromWebSocket(webSocket: WebSocket, stream: Duplex): Socket {
  const options = { binary: true, compress: false };
  const isOpen = (): boolean => webSocket.readyState === WebSocket.OPEN;
  return {
    get buffered() {
      return webSocket.bufferedAmount;
    },
    send(frame) {
      if (isOpen()) webSocket.send(frame, options);
    },
    sendParts(frame) {
      if (!isOpen()) return;
      // Fragments of one message, which every WebSocket client puts together again.
      const fragments = withoutSmallParts(frame);
      for (const [index, fragment] of fragments.entries()) {
        webSocket.send(fragment, { ...options, fin: index === fragments.length - 1 });
      }
    },
    together(send) {
      stream.cork();
      try {
        send();
      } finally {
        stream.uncork();
      }
    },
    pause: () => webSocket.pause(),
    resume: () => webSocket.resume(),
    ping() {
      if (isOpen()) webSocket.ping();
    },
    close(code, reason) {
      // A paused socket would never read the peer's farewell and linger.
      webSocket.resume();
      webSocket.close(code, reason);
    },
    terminate: () => webSocket.terminate(),
  };
}
