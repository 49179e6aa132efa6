import type { Plugin } from 'vite';
import { elementName, type WidgetName, widgetNames } from '../../shared/widgets.ts';

const prefix = 'frame:';

/** The entries of the shells' scripts, one a widget: made from the catalogue, no file of theirs. */
export const frameEntries = Object.fromEntries(widgetNames.map((name) => [name, prefix + name]));

export function frames(): Plugin {
  return {
    name: 'frames',
    resolveId: { filter: { id: /^frame:/ }, handler: (id) => `\0${id}` },
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
