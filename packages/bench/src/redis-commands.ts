// How many commands a Redis server has run, those of scripts included.
import { createConnection } from 'node:net';

export async function redisCommands({ host, port }: { host: string; port: number }): Promise<number> {
  const text = await ask(host, port, 'INFO commandstats');
  const calls = Array.from(text.matchAll(/^cmdstat_(\S+?):calls=(\d+)/gm));
  return calls.reduce((sum, [, name, count]) => (name === 'info' ? sum : sum + Number(count)), 0);
}

function ask(host: string, port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = createConnection({ host, port });
    socket.once('error', reject);
    socket.once('connect', () => socket.write(`${command}\r\nQUIT\r\n`));
    socket.on('data', (chunk) => (said += chunk.toString()));
    socket.once('close', () => resolve(said));
  });
}
