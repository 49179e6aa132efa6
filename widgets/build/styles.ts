import { CSSResult } from 'lit';
import type { Plugin } from 'vite';
import { minifyStyles } from '../minify-styles.ts';

/**
 * Writes the sheets of styles.ts files without what only their authors need; into the script of a
 * shell none at all, for its still has brought them.
 */
export function styles(isShell: boolean): Plugin {
  const write = (value: unknown) => {
    if (!(value instanceof CSSResult)) return JSON.stringify(value);
    return isShell ? '[]' : `unsafeCSS(${JSON.stringify(minifyStyles(value.cssText))})`;
  };
  return {
    name: 'styles',
    load: {
      filter: { id: /\/widgets\/.*styles\.ts(\?|$)/ },
      async handler(id) {
        const all = Object.entries(await import(id));
        const exports = all.map(([name, value]) => `export const ${name} = ${write(value)};`);
        return ["import { unsafeCSS } from 'lit';", ...exports].join('\n');
      },
    },
  };
}
