import type { Socket } from 'node:net';

/** When a connection is closed, be it ended or reset: once() of events throws at a reset. */
export function closed(socket: Socket): Promise<void> {
  socket.on('error', () => {});
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
}
