import { parseSync } from 'vite';

/** Gives object literals no prototype, so that they have nothing that a page adds to `Object.prototype`. */
export function withNullPrototypes(code: string, id: string): string {
  const places: number[] = [];
  collect(parseSync(id, code).program, places);
  let text = code;
  for (const place of places.sort((one, other) => other - one))
    text = `${text.slice(0, place)}__proto__:null,${text.slice(place)}`;
  return text;
}

function collect(node: object, places: number[]): void {
  const { type, start } = node as { type: string; start: number };
  if (type === 'ObjectExpression') places.push(start + 1);
  for (const child of Object.values(node))
    if (child && typeof child === 'object') collect(child, places);
}
