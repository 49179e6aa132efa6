import { connect } from 'node:net';
import type { TestServer } from './server.ts';

/** Sends bytes as they are; returns all that comes back until the connection closes. */
export function exchange(
  server: Pick<TestServer, 'address'>,
  request: string | Buffer,
): Promise<string> {
  const { port } = new URL(server.address);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.end(request));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
