import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import { describePackage } from './package.ts';

/** Builds everything that browsers load. The first build into a folder empties it. */
for (const mode of ['frames', 'script', 'loader', 'embed', 'builder', 'trader', 'package'])
  await build({ mode, logLevel: 'warn' });
const root = path.resolve(import.meta.dirname, '../..');
// Browsers request it from this address for our own pages.
copyFileSync(`${root}/widgets/builder/favicon.ico`, `${root}/dist/widgets/favicon.ico`);
describePackage(`${root}/dist/npm`);
