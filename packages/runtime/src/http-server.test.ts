import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createFakeClock } from '@codesync/storage/memory';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttpServer } from './http-server.ts';
import { listen } from './listen.ts';

async function setup() {
  const clock = createFakeClock();
  const http = createHttpServer(clock);
  const port = await listen(http.server, 0, '127.0.0.1');
  const open = (): Socket => {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    onTestFinished(() => void socket.destroy());
    return socket;
  };
  return { clock, http, open };
}

const GET = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';

describe('createHttpServer', () => {
  it('closed, it answers the requests under way, and takes no connection any more', async () => {
    const { http, open } = await setup();
    const { promise: closing, resolve: close } = Promise.withResolvers<void>();
    http.server.on('request', (_, response) => void closing.then(() => response.end('whole')));
    const socket = open();
    socket.write(GET);
    await once(http.server, 'request');
    const closed = http.close();
    const late = open();
    await once(late, 'error');
    close();
    expect(String(await once(socket, 'data'))).toContain('whole');
    socket.end();
    await closed;
    await http.close();
  });

  it('closed, it waits for nobody longer than 5 s, upgraded connections included', async () => {
    const { clock, http, open } = await setup();
    http.server.on('upgrade', (_, socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
    http.server.on('request', () => {});
    const [upgraded, waiting] = [open(), open()];
    upgraded.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n');
    await once(upgraded, 'data');
    waiting.write(GET);
    await once(http.server, 'request');
    const ended = Promise.all([once(upgraded, 'close'), once(waiting, 'close')]);
    const closed = http.close();
    await clock.advance(5000);
    await Promise.all([closed, ended]);
  });
});
