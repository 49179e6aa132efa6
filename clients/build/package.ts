import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Completes the npm package of the client, whose scripts and types tsc has written. */
const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, 'dist/client');
const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

const description = { ...read('clients/js/package.json'), version: read('package.json').version };
writeFileSync(path.join(folder, 'package.json'), JSON.stringify(description, null, 2));
copyFileSync(path.join(root, 'clients/js/README.md'), path.join(folder, 'README.md'));
copyFileSync(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE'));
