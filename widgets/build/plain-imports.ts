import type { Plugin } from 'vite';

/** Keeps Vite's preloading of dynamic imports out: they import nothing that isn't loaded. */
export function plainImports(): Plugin {
  return {
    name: 'plain-imports',
    enforce: 'pre',
    load: {
      filter: { id: /preload-helper/ },
      handler: () => 'export const __vitePreload = (load) => load();',
    },
  };
}
