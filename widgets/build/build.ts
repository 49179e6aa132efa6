import path from 'node:path';
import { build } from 'vite';
import { describePackage } from './package.ts';

/** Builds all that a browser loads. The first of each folder empties it. */
for (const mode of ['frames', 'script', 'loader', 'embed', 'builder', 'package'])
  await build({ mode, logLevel: 'warn' });
describePackage(path.resolve(import.meta.dirname, '../../dist/npm'));
