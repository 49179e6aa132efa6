import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..', '..');
const isCompiled = path.basename(root) === 'node';

/** The folder of the package, seen from the sources and from the compiled files. */
export const packageFolder = isCompiled ? path.join(root, '..', '..') : root;

export const { version } = JSON.parse(
  readFileSync(path.join(packageFolder, 'package.json'), 'utf8'),
) as {
  version: string;
};
