import { CSSResult } from 'lit';
import type { Plugin } from 'vite';
import { minifyStyles } from '../minify-styles.ts';

/**
 * Minifies the style sheets of styles.ts files. The scripts of shells get none at all, as a still comes
 * with its styles.
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
