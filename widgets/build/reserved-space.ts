import type { Plugin } from 'vite';
import { reservedSpaceStyles } from '../reserved-space.ts';

/** Writes `/widgets.css`, and replaces the module by its finished text, without the catalogue. */
export function reservedSpace(): Plugin {
  return {
    name: 'reserved-space',
    load: {
      filter: { id: /\/widgets\/reserved-space\.ts$/ },
      handler: () => `export const reservedSpaceStyles = ${JSON.stringify(reservedSpaceStyles)};`,
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'widgets.css', source: reservedSpaceStyles });
    },
  };
}
