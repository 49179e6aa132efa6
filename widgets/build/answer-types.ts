import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { idOf, namedJsonSchemas } from '../../shared/answers/json-schema.ts';
import { widgetData } from '../../shared/answers/widgets.ts';

/**
 * Writes the types of answers in the npm package from their schemas, so that its users need no schema
 * library. Runs after tsc and replaces its files.
 */
const folder = path.resolve(import.meta.dirname, '../../dist/npm/types/shared/answers');

const address = (id: string) => `#/definitions/${id}`;
const { WidgetAnswer: _, ...definitions } = namedJsonSchemas(address);
const ofWidgets = Object.entries(widgetData).map(([name, schema]) => [name, idOf(schema)] as const);
const schema = {
  type: 'object',
  properties: Object.fromEntries(ofWidgets.map(([name, id]) => [name, { $ref: address(id) }])),
  required: ofWidgets.map(([name]) => name),
  definitions,
};
const written = await compile(schema as JSONSchema, 'WidgetData', {
  bannerComment: '',
  unreachableDefinitions: true,
  additionalProperties: false,
});

// Without the compiler's notes.
const types = written
  .replace(/(?: \*\n)? \* This interface was referenced by .*\n \* via the `definition` .*\n/g, '')
  .replace(/\/\*\*\n \*\/\n/g, '');

writeFileSync(
  path.join(folder, 'all.d.ts'),
  `import type { WidgetName } from '../widgets.js';

${types}
/** All that a widget needs. */
export interface WidgetAnswer<Name extends WidgetName = WidgetName> {
  widget: Name;
  /** Raised by every write of this partner's data. */
  revision: number;
  branding: Branding;
  data: WidgetData[Name];
}
`,
);
for (const name of readdirSync(folder)) {
  if (name !== 'all.d.ts') writeFileSync(path.join(folder, name), "export * from './all.js';\n");
}
