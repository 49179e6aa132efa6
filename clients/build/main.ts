import { writeFileSync } from 'node:fs';
import { madeFiles } from './files.ts';

/** Writes the files that are made from the API's document. */
for (const [file, text] of await madeFiles()) writeFileSync(file, text);
