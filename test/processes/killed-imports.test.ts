import path from 'node:path';
import test from 'node:test';
import { commandLine, program } from '../support/command.ts';
import { KilledImports } from '../support/killed-imports.ts';

test('a server killed while it imports a large file, or takes it back: the file is there, or gone', async (t) => {
  const { folder } = commandLine(t);
  const firm = await KilledImports.make(path.join(folder, 'killed.db'), [program]);
  for (const after of [900, 2_500]) await firm.round(after);
});
