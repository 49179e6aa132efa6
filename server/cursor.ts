import { z } from 'zod';
import { written } from '../shared/answers/json-schema.ts';

/** The cursors of one list: opaque texts, each of which names a place in it. */
export interface Cursors<Place> {
  /** The schema of a parameter that takes one. A cursor of another list is invalid. */
  readonly parameter: z.ZodType<Place>;
  write(place: Place): string;
}

type Values = Readonly<Record<string, z.ZodType<string | number | null>>>;

/** Longer than any cursor: one holds an id and a few numbers. */
const longest = 300;

const message = 'is no cursor of this list';

/** `list`: its name, which no other list has. `values`: what a place in it is made of. */
export function cursorsOf<const Of extends Values>(
  list: string,
  values: Of,
): Cursors<{ -readonly [Name in keyof Of]: z.output<Of[Name]> }> {
  type Place = { -readonly [Name in keyof Of]: z.output<Of[Name]> };
  const names = Object.keys(values);
  const tuple = z.tuple([z.literal(list), ...Object.values(values)]);
  const write = (place: Place) =>
    Buffer.from(JSON.stringify([list, ...names.map((name) => place[name])])).toString('base64url');
  const read = (text: string): Place | null => {
    const [, ...given] = tuple.safeParse(parse(text)).data ?? [];
    if (given.length === 0) return null;
    const place = Object.fromEntries(names.map((name, index) => [name, given[index]])) as Place;
    // A cursor has one spelling.
    return write(place) === text ? place : null;
  };
  const parameter = z
    .string(message)
    .max(longest, { error: message, abort: true })
    .transform((text, context) => {
      const place = read(text);
      if (place) return place;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    });
  const schema = { type: 'string', format: 'cursor', maxLength: longest } as const;
  return { parameter: written(parameter, schema), write };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return null;
  }
}
