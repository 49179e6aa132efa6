import type { JsonSchema } from '../../shared/answers/json-schema.ts';
import type { Call, Parameter } from './calls.ts';

const begin =
  "    # The calls, made from the API's document by `npm run clients`: don't edit them.\n";
const end = '    # The end of the calls.\n';

/** The text of `clients/python/proptally.py` with a method for each call. */
export function withMethods(text: string, calls: readonly Call[]): string {
  const [before, rest = ''] = text.split(begin);
  const after = rest.split(end)[1];
  if (after === undefined) throw new Error('proptally.py has lost the marks around its calls');
  return `${before}${begin}\n${calls.map(writeMethod).join('\n')}\n${end}${after}`;
}

/** `listEvents` -> `list_events` */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Python's keywords that a parameter may be named by. */
const keywords = new Set(['and', 'as', 'class', 'def', 'from', 'global', 'in', 'is', 'not', 'or']);

/** The name of a parameter: `from` -> `from_` */
export function variable(name: string): string {
  return keywords.has(name) ? `${name}_` : name;
}

function writeMethod(call: Call): string {
  const { name, summary, parameters, body, isRepeatable } = call;
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const byName = parameters.filter((parameter) => parameter.in !== 'path');
  const signature = [
    'self',
    ...inPath.map(writeParameter),
    ...(body === 'file' ? ['file: bytes | BinaryIO'] : []),
    ...(byName.length > 0 || isRepeatable ? ['*'] : []),
    ...byName.map(writeParameter),
    ...(isRepeatable ? ['idempotency_key: str | None = None'] : []),
  ];
  return [
    brackets(`    def ${snakeCase(name)}(`, signature, `) -> ${answerOf(call)}:`),
    docstring(summary),
    ...writeRequest(call),
    '',
  ].join('\n');
}

function writeRequest(call: Call): string[] {
  const { method, path, parameters, body, isRepeatable, answers, messages, pages } = call;
  const entries = (place: Parameter['in']) =>
    parameters
      .filter((each) => each.in === place)
      .map(({ name }) => `"${name}": ${variable(name)}`);
  const query = entries('query');
  const address = path.replace(/\{(\w+)\}/g, (_, name) => `{_part(${variable(name)})}`);
  const place = `${address === path ? '' : 'f'}"${address}"`;
  const asked = query.length > 0 ? 'query' : '{}';
  const assignments = [
    ...(query.length > 0 ? [brackets('        query = {', query, '}')] : []),
    ...(body === 'json' ? [brackets('        body = {', entries('body'), '}')] : []),
  ];
  if (pages) {
    const how = [place, asked, `"${pages.parameter}"`, `"${pages.items}"`];
    return [...assignments, brackets('        return self._list(', how, ')')];
  }
  if (messages)
    return [...assignments, brackets('        return self._follow(', [place, asked], ')')];
  const request = [
    ...[`"${method}"`, place, asked],
    ...(body ? [body === 'json' ? 'body' : 'file'] : []),
    ...(isRepeatable ? ['idempotency_key=idempotency_key or _new_key()'] : []),
  ];
  return [
    ...assignments,
    brackets(`        return self.${answers ? '_ask' : '_stream'}(`, request, ')'),
  ];
}

function answerOf({ answers, messages, pages }: Call): string {
  if (pages) return 'List';
  if (messages) return 'Messages';
  return answers ? 'Answer' : 'http.client.HTTPResponse';
}

function writeParameter({ name, schema, required }: Parameter): string {
  return `${variable(name)}: ${typeOf(schema)}${required ? '' : ' = _UNSET'}`;
}

const types: Record<string, string> = {
  string: 'str',
  integer: 'int',
  number: 'float',
  boolean: 'bool',
  null: 'None',
  object: 'Mapping[str, Any]',
};

function typeOf(schema: JsonSchema): string {
  const { anyOf, enum: words, type, items } = schema;
  if (anyOf) return [...new Set((anyOf as JsonSchema[]).map(typeOf))].join(' | ');
  if (words) return `Literal[${words.map((word) => `"${word}"`).join(', ')}]`;
  if (type === 'array') return `Sequence[${typeOf(items as JsonSchema)}]`;
  const names = [type].flat().map((one) => types[one as string]);
  if (names.includes(undefined))
    throw new Error(`Python has no type for ${JSON.stringify(schema)}`);
  return names.join(' | ');
}

const width = 100;

/** Items in brackets: on one line, or each on its own. */
function brackets(opening: string, items: readonly string[], closing: string): string {
  const line = `${opening}${items.join(', ')}${closing}`;
  if (line.length <= width) return line;
  const indent = ' '.repeat(opening.search(/\S/));
  const lines = items.map((item) => `${broken(`${indent}    ${item}`)},\n`);
  return `${opening}\n${lines.join('')}${indent}${closing}`;
}

/** A parameter whose choices don't fit a line. */
function broken(line: string): string {
  const [, before, inner, after] = /^(.*?\[)(.*)(\].*)$/.exec(line) ?? [];
  if (line.length < width || inner === undefined) return line;
  if (inner.startsWith('"')) return brackets(before!, inner.split(', '), after!);
  const indent = ' '.repeat(line.search(/\S/));
  return `${before}\n${broken(`${indent}    ${inner}`)}\n${indent}${after}`;
}

function docstring(sentences: readonly string[]): string {
  const indent = ' '.repeat(8);
  const line = `${indent}"""${sentences.join(' ')}"""`;
  if (line.length <= width) return line;
  const [first, ...others] = sentences.map((text) => wrap(text, indent));
  return [`${indent}"""${first!.trimStart()}`, '', ...others, `${indent}"""`].join('\n');
}

function wrap(text: string, indent: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!;
    if (indent.length + 3 + last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.map((line) => indent + line).join('\n');
}
