// The yardstick: a WebSocket server that sends what it gets to everyone else, and knows nothing.
import { WebSocket, WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' }, () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null)
    console.log(`CodeSync is ready at http://127.0.0.1:${address.port}`);
});

server.on('connection', (socket) => {
  socket.on('message', (data) => {
    for (const other of server.clients) {
      if (other !== socket && other.readyState === WebSocket.OPEN) other.send(data);
    }
  });
});
