import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The folder of the package: two levels up from here, and from dist/node, where the built program
 * is.
 */
export const packageFolder = path.resolve(import.meta.dirname, '..', '..');

export const { version } = JSON.parse(
  readFileSync(path.join(packageFolder, 'package.json'), 'utf8'),
) as {
  version: string;
};
