import type { Plugin } from 'vite';
import { elementName, type WidgetName, widgetNames } from '../../shared/widgets.ts';
import { languages } from '../languages/index.ts';

const prefix = 'frame:';

/**
 * The entries of the shells' scripts, one a widget: made from the catalogue, no file of theirs. And the
 * words of each language, for a shell to load those that the server names.
 */
export const frameEntries = Object.fromEntries([
  ...widgetNames.map((name) => [name, prefix + name]),
  ...Object.keys(languages).map((name) => [name, `widgets/languages/${name}.ts`]),
]);

/**
 * What only some widgets use is in the script of each of their shells: a frame shows one widget, and
 * files of what several share would be so many requests more for it, of a few hundred bytes each.
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

/** Whether all shells load it from the same file, at once or later. */
function isCommon(id: string): boolean {
  return /\/node_modules\/|\/widgets\/core\//.test(id);
}
