import { readFileSync } from 'node:fs';
import path from 'node:path';
import { document } from '../../server/routes/index.ts';
import { callsOf } from './calls.ts';
import { writeMethods, writeTypes } from './javascript.ts';
import { withMethods } from './python.ts';

const root = path.resolve(import.meta.dirname, '..');

/** The files that are made from the API's document: their paths, and what they should hold. */
export async function madeFiles(): Promise<Map<string, string>> {
  const calls = callsOf(document);
  const python = path.join(root, 'python/proptally.py');
  return new Map([
    [path.join(root, 'js/proptally.ts'), writeMethods(calls)],
    [path.join(root, 'js/types.ts'), await writeTypes(calls, document)],
    [python, withMethods(readFileSync(python, 'utf8'), calls)],
  ]);
}
