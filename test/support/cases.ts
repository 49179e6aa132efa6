import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The folder with cases that are not part of the project, or null. */
export const casesFolder = process.env.PROPTALLY_CASES ?? null;

/** The `skip` option of a test that needs these cases: false, or why it is skipped. */
export const withoutCases = casesFolder
  ? false
  : 'PROPTALLY_CASES does not say where the cases are';

export function readCase<Value>(...names: string[]): Value {
  return JSON.parse(readFileSync(path.join(casesFolder ?? '', ...names), 'utf8')) as Value;
}
