import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { expectedOf, type Golden, goldenFiles } from './golden/generate.ts';

for (const file of goldenFiles()) {
  test(`${path.basename(file)} has the figures that \`npm run goldens\` calculates from its trades`, () => {
    const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;
    assert.deepEqual(expectedOf(golden), golden.expected);
  });
}
