import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The folder of the package, seen from this file and from dist/node alike. */
export const packageFolder = path.resolve(import.meta.dirname, '..', '..');

export const { version } = JSON.parse(
  readFileSync(path.join(packageFolder, 'package.json'), 'utf8'),
) as {
  version: string;
};
