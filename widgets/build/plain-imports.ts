import type { Plugin } from 'vite';

/** What Vite makes of `await import('…')`, to preload what the imported file imports. */
const wrapped =
  /[\w$]+\((?:async)?\(\)=>(?:\{let\{[^}]*\}=await )?(import\(`[^`]+`\))(?:;return\{[^}]*\}\})?,(?:\[\]|__VITE_PRELOAD__),import\.meta\.url\)/g;

/** Turns them back into plain imports: there is nothing to preload. */
export function plainImports(): Plugin {
  return {
    name: 'plain-imports',
    enforce: 'post',
    load: {
      filter: { id: /preload-helper/ },
      handler: () => 'export const __vitePreload = (load) => load();',
    },
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle))
        if (chunk.type === 'chunk') chunk.code = chunk.code.replace(wrapped, '$1');
    },
  };
}
