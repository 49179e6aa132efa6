import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';
import {
  attributeOf,
  elementName,
  parameters,
  type WidgetName,
  widgetNames,
  widgets,
} from '../../shared/widgets.ts';

/** The npm package of the elements, for pages that are bundled: an entry a widget, and one of all. */
export const packageName = '@proptally/widgets';

const prefix = 'package:';

export const packageEntries: Record<string, string> = {
  ...Object.fromEntries(widgetNames.map((name) => [name, prefix + name])),
  index: 'widgets/index.ts',
};

/** Entries that register one element each. */
export function packageEntry(): Plugin {
  return {
    name: 'package-entry',
    resolveId: { filter: { id: /^package:/ }, handler: (id) => `\0${id}` },
    load: {
      filter: { id: /^\0package:/ },
      handler(id) {
        const name = id.slice(prefix.length + 1) as WidgetName;
        const folder = `${import.meta.dirname}/..`;
        return `import { define } from '${folder}/core/define.ts';
import { ${elementName(name)} } from '${folder}/${name}/${name}.ts';
define('pt-${name}', ${elementName(name)});
export { ${elementName(name)} };`;
      },
    },
  };
}

/** Writes what the package needs beside its scripts: its own package.json, manifest and types. */
export function describePackage(folder: string): void {
  const root = path.resolve(import.meta.dirname, '../..');
  const { version, dependencies } = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8'),
  ) as { version: string; dependencies: Record<string, string> };
  const entry = (name: string) => ({ types: `./${name}.d.ts`, default: `./${name}.js` });
  const description = {
    name: packageName,
    version,
    description: 'Trading analytics as custom elements.',
    type: 'module',
    exports: {
      '.': entry('index'),
      ...Object.fromEntries(widgetNames.map((name) => [`./${name}`, entry(name)])),
      './react': { types: './react.d.ts' },
      './custom-elements.json': './custom-elements.json',
    },
    customElements: 'custom-elements.json',
    dependencies: { lit: dependencies.lit },
  };
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  write('package.json', JSON.stringify(description, null, 2));
  write('custom-elements.json', JSON.stringify(describeElements(), null, 2));
  write('index.d.ts', "export * from './types/widgets/index.js';\n");
  write('react.d.ts', describeForReact());
  for (const name of widgetNames)
    write(
      `${name}.d.ts`,
      `export { ${elementName(name)} } from './types/widgets/${name}/${name}.js';\n`,
    );
}

const ofEveryElement = {
  token:
    'An embed token, instead of a key; as a property also a function that gets one. Default: what the page says once.',
  'api-key': 'A publishable key. Default: what the page says once.',
  base: 'Origin of the PropTally server for its own token or key. Default: that of the script.',
};

const events = {
  'pt-load': 'CustomEvent<WidgetAnswer>',
  'pt-error': 'CustomEvent<Refusal>',
  'pt-select': 'CustomEvent<Selection>',
};

/** Attributes of a widget's element, with what they mean. */
export function attributesOf(widget: WidgetName): Record<string, string> {
  const own = widgets[widget].parameters.map((name) => [
    attributeOf(name),
    parameters[name].description,
  ]);
  return { ...ofEveryElement, ...Object.fromEntries(own) };
}

/** A custom elements manifest: https://github.com/webcomponents/custom-elements-manifest */
export function describeElements(): object {
  const modules = widgetNames.map((name) => ({
    kind: 'javascript-module',
    path: `${name}.js`,
    declarations: [
      {
        kind: 'class',
        name: elementName(name),
        customElement: true,
        tagName: `pt-${name}`,
        description: widgets[name].description,
        attributes: Object.entries(attributesOf(name)).map(([attribute, description]) => ({
          name: attribute,
          fieldName: attribute.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
          type: { text: 'string' },
          description,
        })),
        events: Object.entries(events).map(([event, text]) => ({ name: event, type: { text } })),
        cssProperties: Object.entries(cssProperties).map(([property, description]) => ({
          name: property,
          description,
        })),
        cssParts: Object.entries(cssParts).map(([part, description]) => ({
          name: part,
          description,
        })),
      },
    ],
    exports: [
      {
        kind: 'custom-element-definition',
        name: `pt-${name}`,
        declaration: { name: elementName(name), module: `${name}.js` },
      },
    ],
  }));
  return { schemaVersion: '2.1.0', modules };
}

/** What a page's style may set. */
export const cssProperties: Readonly<Record<string, string>> = {
  '--pt-surface': 'Ground of the card.',
  '--pt-line': 'Its border and hairlines.',
  '--pt-raised': 'Tracks, tooltips and discs.',
  '--pt-ink': 'Figures and titles.',
  '--pt-muted': 'Labels, axes and the footer.',
  '--pt-profit': 'Profit.',
  '--pt-loss': 'Loss.',
  '--pt-accent': 'Neutral marks and the curve; behind accent and the partner’s colour. Not mended.',
  '--pt-radius': 'Corners of the card.',
  '--pt-font': 'Font families.',
};

export const cssParts: Readonly<Record<string, string>> = {
  card: 'The card.',
  header: 'Its first line.',
  title: 'The heading.',
  value: 'The one number.',
  footer: 'Its last line.',
  tooltip: 'What is said of the item pointed at.',
};

/** Of properties that are more than their attribute. */
const reactTypes: Readonly<Record<string, string>> = { token: 'string | TokenSource' };

function describeForReact(): string {
  const elements = widgetNames.map((name) => {
    const attributes = Object.keys(attributesOf(name))
      .map((attribute) => `'${attribute}'?: ${reactTypes[attribute] ?? 'string | number'};`)
      .join(' ');
    return `      'pt-${name}': React.HTMLAttributes<HTMLElement> & { ${attributes} };`;
  });
  return `import type * as React from 'react';
import type { TokenSource } from './types/widgets/core/token.js';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
${elements.join('\n')}
    }
  }
}
`;
}
