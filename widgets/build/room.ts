import type { Plugin } from 'vite';
import { roomStyles } from '../room.ts';

/** Writes `/widgets.css`; and what imports its text gets that, not the catalogue it is made from. */
export function room(): Plugin {
  return {
    name: 'room',
    load: {
      filter: { id: /\/widgets\/room\.ts$/ },
      handler: () => `export const roomStyles = ${JSON.stringify(roomStyles)};`,
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'widgets.css', source: roomStyles });
    },
  };
}
