import path from 'node:path';
import type { Plugin } from 'vite';
import { writeBare } from './bare.ts';

/** What goes by the document itself, or by prototypes that a page may add to, and what doesn't; by file. */
const mends: Readonly<Record<string, readonly (readonly [code: string, instead: string])[]>> = {
  'rolldown/runtime.js': [['for (var name in all)', 'for (var name of Object.keys(all))']],
  'lit-html/lit-html.js': [
    ['l.createTreeWalker(l,', 'l.createTreeWalker(globalThis.document,'],
    ['P.currentNode=l', 'P.currentNode=globalThis.document'],
    // The third is the listener, which may have options: its prototype's `once`, of a page.
    ['removeEventListener(this.name,this,s)', 'removeEventListener(this.name,this)'],
    ['addEventListener(this.name,this,t)', 'addEventListener(this.name,this)'],
  ],
};

/** Whose object literals get no prototype: those of options, descriptors and our own. */
const bare =
  /\/(widgets|shared)\/(?!draw\/line).*\.ts$|\/(@lit\/reactive-element|lit-element)\/.*\.js$|^\0?rolldown\/runtime/;

/**
 * Of a script that runs in others' pages: what their elements are called (`<img name="createElement">`
 * takes the place of the document's own) and what they add to `Object.prototype` stops nothing. The
 * name `document` means core/document.ts, and object literals have no prototype.
 */
export function hostPage(): Plugin {
  const safe: [string, string] = [
    path.resolve(import.meta.dirname, '../core/document.ts'),
    'safeDocument',
  ];
  return {
    name: 'host-page',
    config: () => ({ build: { rolldownOptions: { transform: { inject: { document: safe } } } } }),
    transform: {
      filter: { id: [bare, ...Object.keys(mends).map((file) => new RegExp(`${file}$`))] },
      handler(code, id) {
        let mended = code;
        const file = Object.keys(mends).find((name) => id.endsWith(name));
        for (const [unsafe, instead] of file ? mends[file]! : []) {
          if (!mended.includes(unsafe)) this.error(`${file} has no ${unsafe}`);
          mended = mended.replaceAll(unsafe, () => instead);
        }
        return { code: bare.test(id) ? writeBare(mended, id) : mended, map: null };
      },
    },
  };
}
