import type { Socket } from 'node:net';

/** Resolves when a connection is closed, whether ended or reset; once() of node:events rejects at a reset. */
export function closed(socket: Socket): Promise<void> {
  socket.on('error', () => {});
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
}
