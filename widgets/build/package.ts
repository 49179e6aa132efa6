import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
import { reservedSpaceStyles } from '../reserved-space.ts';

/** The npm package of the elements, for bundlers: an entry for each widget, and one for all. */
export const packageName = '@proptally/widgets';

const prefix = 'package:';

export const packageEntries: Record<string, string> = {
  ...Object.fromEntries(widgetNames.map((name) => [name, prefix + name])),
  index: 'widgets/index.ts',
};

/** Makes the entries of single widgets, which register one element each. */
export function packageEntry(): Plugin {
  return {
    name: 'package-entry',
    resolveId: { filter: { id: /^package:/ }, handler: (id) => `\0${id}` },
    load: {
      filter: { id: /^\0package:/ },
      handler(id) {
        const name = id.slice(prefix.length + 1) as WidgetName;
        const folder = `${import.meta.dirname}/..`;
        return `import '${folder}/core/all-languages.ts';
import { define } from '${folder}/core/define.ts';
import '${folder}/core/print.ts';
import { ${elementName(name)} } from '${folder}/${name}/${name}.ts';
define('pt-${name}', ${elementName(name)});
export { ${elementName(name)} };
export { setCredential } from '${folder}/core/lazy/credential.ts';`;
      },
    },
  };
}

/** Entries with types alone, for frameworks with typed templates. */
const frameworks = { react: describeForReact, vue: describeForVue };

/** Writes everything in the package but its scripts: package.json, README, manifest and types. */
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
    license: 'MIT',
    type: 'module',
    exports: {
      '.': entry('index'),
      ...Object.fromEntries(widgetNames.map((name) => [`./${name}`, entry(name)])),
      ...Object.fromEntries(Object.keys(frameworks).map((name) => [`./${name}`, entry(name)])),
      './widgets.css': './widgets.css',
      './custom-elements.json': './custom-elements.json',
    },
    customElements: 'custom-elements.json',
    // As a range, so that a page has a single copy.
    dependencies: { lit: `^${dependencies.lit}` },
  };
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  write('package.json', JSON.stringify(description, null, 2));
  write('custom-elements.json', JSON.stringify(describeElements(), null, 2));
  write('widgets.css', reservedSpaceStyles);
  write('index.d.ts', "export * from './types/widgets/index.js';\n");
  for (const [name, describe] of Object.entries(frameworks)) {
    write(`${name}.d.ts`, describe());
    write(`${name}.js`, 'export {};\n');
  }
  for (const name of widgetNames)
    write(
      `${name}.d.ts`,
      `export { ${elementName(name)} } from './types/widgets/${name}/${name}.js';
export { type PageCredential, setCredential } from './types/widgets/core/lazy/credential.js';
`,
    );
  cpSync(path.join(import.meta.dirname, 'npm'), folder, { recursive: true });
  copyFileSync(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE'));
}

const commonAttributes = {
  token:
    'An embed token, instead of a key; as a property also a function that gets one. Default: the page’s credential.',
  'api-key': 'A publishable key. Default: the page’s credential.',
  base: 'Origin of the PropTally server for its own token or key. Default: the origin of the script.',
};

const events = {
  'pt-load': 'CustomEvent<WidgetAnswer>',
  'pt-error': 'CustomEvent<Refusal>',
  'pt-select': 'CustomEvent<Selection>',
};

/** The attributes of a widget's element with their descriptions. */
export function attributesOf(widget: WidgetName): Record<string, string> {
  const own = widgets[widget].parameters.map((name) => [
    attributeOf(name),
    parameters[name].description,
  ]);
  return { ...commonAttributes, ...Object.fromEntries(own) };
}

/** A custom elements manifest: https://github.com/webcomponents/custom-elements-manifest */
function describeElements(): object {
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
          fieldName: camelCase(attribute),
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

/** The custom properties that a page may set, with their descriptions. */
export const cssProperties: Readonly<Record<string, string>> = {
  '--pt-surface': 'Background of the card.',
  '--pt-line': 'Its border and hairlines.',
  '--pt-raised': 'Tracks, tooltips and discs.',
  '--pt-ink': 'Figures and titles.',
  '--pt-muted': 'Labels, axes and the footer.',
  '--pt-profit': 'Profit.',
  '--pt-loss': 'Loss.',
  '--pt-accent':
    'Neutral marks and the curve; used unchanged, unless there is an accent or a brand colour.',
  '--pt-radius': 'Corners of the card.',
  '--pt-font': 'Font families.',
};

export const cssParts: Readonly<Record<string, string>> = {
  card: 'The card.',
  header: 'Its first line.',
  title: 'The heading.',
  value: 'The main figure.',
  footer: 'Its last line.',
  tooltip: 'The tooltip of an item.',
};

const camelCase = (attribute: string) =>
  attribute.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The beginning of both frameworks' types. */
const commonTypes = `${widgetNames
  .map((name) => `import type { ${elementName(name)} } from './types/widgets/${name}/${name}.js';`)
  .join('\n')}
import type { PageCredential, Refusal, Selection, WidgetAnswer } from './types/widgets/index.js';

type Value = string | number | null | undefined;
`;

/** By attribute, and by property where its name differs. */
function propertiesOf(widget: WidgetName): string {
  const names = Object.keys(attributesOf(widget)).filter((name) => name !== 'token');
  return [...new Set(names.flatMap((name) => [name, camelCase(name)]))]
    .map((name) => `'${name}'?: Value`)
    .concat(`token?: PageCredential['token'] | null`)
    .join('; ');
}

function describeForReact(): string {
  const elements = widgetNames.map(
    (name) =>
      `      'pt-${name}': Props<${elementName(name)}, '${name}'> & { ${propertiesOf(name)} };`,
  );
  return `import type * as React from 'react';
${commonTypes}
type Props<Element, Name extends WidgetAnswer['widget']> = React.DetailedHTMLProps<
  React.HTMLAttributes<Element>,
  Element
> & {
  'onpt-load'?: ((event: CustomEvent<WidgetAnswer<Name>>) => void) | undefined;
  'onpt-error'?: ((event: CustomEvent<Refusal>) => void) | undefined;
  'onpt-select'?: ((event: CustomEvent<Selection>) => void) | undefined;
};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
${elements.join('\n')}
    }
  }
}
`;
}

function describeForVue(): string {
  const elements = widgetNames.map(
    (name) =>
      `    'pt-${name}': Component<${elementName(name)}, '${name}', { ${propertiesOf(name)} }>;`,
  );
  return `import type { HTMLAttributes, ReservedProps } from 'vue';
${commonTypes}
type Component<Element, Name extends WidgetAnswer['widget'], Properties> = new () => Element & {
  $props: HTMLAttributes &
    ReservedProps &
    Properties & {
      onPtLoad?: ((event: CustomEvent<WidgetAnswer<Name>>) => void) | undefined;
      onPtError?: ((event: CustomEvent<Refusal>) => void) | undefined;
      onPtSelect?: ((event: CustomEvent<Selection>) => void) | undefined;
    };
};

declare module 'vue' {
  interface GlobalComponents {
${elements.join('\n')}
  }
}
`;
}
