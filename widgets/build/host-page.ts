import type { Plugin } from 'vite';
import { writeBare } from './bare.ts';

/**
 * Of a script that runs in others' pages: what their elements are called and what they add to
 * `Object.prototype` stops nothing. To libraries the name `document` means blank-document.ts, we
 * ourselves go by core/page-document.ts, and our object literals have no prototype.
 */
export function hostPage(): Plugin {
  const document: [string, string] = [`${import.meta.dirname}/blank-document.ts`, 'blankDocument'];
  return {
    name: 'host-page',
    enforce: 'pre',
    config: () => ({ build: { rolldownOptions: { transform: { inject: { document } } } } }),
    resolveId: {
      filter: { id: /blank-document/ },
      // uPlot has one of its own: what is loaded later imports nothing of the script that loads it.
      handler: (id, importer) => (/uplot/.test(importer ?? '') ? `${id}?uplot` : null),
    },
    transform: {
      // uPlot's options are to have one.
      filter: { id: /\/(widgets|shared)\/(?!draw\/line).*\.ts$/ },
      handler: (code, id) => ({ code: writeBare(code, id), map: null }),
    },
  };
}
