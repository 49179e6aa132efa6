import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import { describePackage } from './package.ts';

/** Builds all that a browser loads. The first of each folder empties it. */
for (const mode of ['frames', 'script', 'loader', 'embed', 'builder', 'package'])
  await build({ mode, logLevel: 'warn' });
const root = path.resolve(import.meta.dirname, '../..');
// Browsers ask for it by this name wherever a page of ours stands alone.
copyFileSync(`${root}/widgets/builder/favicon.ico`, `${root}/dist/widgets/favicon.ico`);
describePackage(`${root}/dist/npm`);
