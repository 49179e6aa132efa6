import type { Plugin } from 'vite';
import { elementName, type WidgetName, widgetNames } from '../../shared/widgets.ts';
import { languages } from '../languages/index.ts';

const prefix = 'frame:';

/**
 * The entries of the shells' scripts: a virtual one for each widget of the catalogue, and the words of
 * each language, of which a shell loads those that the server names.
 */
export const frameEntries = Object.fromEntries([
  ...widgetNames.map((name) => [name, prefix + name]),
  ...Object.keys(languages).map((name) => [name, `widgets/languages/${name}.ts`]),
]);

/**
 * Puts a copy of what only some widgets use into the script of each of their shells. A frame shows one
 * widget, and shared files would cost it further requests for a few hundred bytes each.
 */
export function frames(): Plugin {
  return {
    name: 'frames',
    enforce: 'pre',
    resolveId: {
      async handler(id, importer = '') {
        if (id.startsWith(prefix)) return `\0${id}`;
        const [frame] = /(?<=^\0frame:|\?)[\w-]+$/.exec(importer) ?? [];
        if (!frame) return null;
        const resolved = await this.resolve(id, importer.replace(/\?.*/, ''));
        return !resolved || isCommon(resolved.id) ? resolved : `${resolved.id}?${frame}`;
      },
    },
    load: {
      filter: { id: /^\0frame:/ },
      handler(id) {
        const name = id.slice(prefix.length + 1) as WidgetName;
        const element = elementName(name);
        const folder = `${import.meta.dirname}/..`;
        return `import { takeOver } from '${folder}/core/take-over.ts';
import { ${element} } from '${folder}/${name}/${name}.ts';
takeOver(${element});`;
      },
    },
  };
}

/** Whether all shells load it from the same file. */
function isCommon(id: string): boolean {
  return /\/node_modules\/|\/widgets\/core\//.test(id);
}
