import type { Plugin } from 'vite';
import { withNullPrototypes } from './null-prototypes.ts';

/**
 * Makes a script work in any host page, whatever names its elements have and whatever it adds to
 * `Object.prototype`: libraries get blank-document.ts as `document`, our own code uses
 * core/page-document.ts, and our object literals have no prototype.
 */
export function hostPage(): Plugin {
  const document: [string, string] = [`${import.meta.dirname}/blank-document.ts`, 'blankDocument'];
  return {
    name: 'host-page',
    enforce: 'pre',
    config: () => ({ build: { rolldownOptions: { transform: { inject: { document } } } } }),
    resolveId: {
      filter: { id: /blank-document/ },
      // A copy for uPlot: a file that is loaded on demand imports nothing of the script that loads it.
      handler: (id, importer) => (/uplot/.test(importer ?? '') ? `${id}?uplot` : null),
    },
    transform: {
      // Not in draw/line.ts: uPlot needs options with a prototype.
      filter: { id: /\/(widgets|shared)\/(?!draw\/line).*\.ts$/ },
      handler: (code, id) => ({ code: withNullPrototypes(code, id), map: null }),
    },
  };
}
