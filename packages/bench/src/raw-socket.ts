// A bare WebSocket client: what a stock provider does with messages is not what is measured.
import { WebSocket } from 'ws';

export function openSocket(address: string, onMessage: (data: Buffer) => void = () => {}): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address);
    socket.on('message', onMessage);
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}
