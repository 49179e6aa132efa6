import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { commandLine, program } from '../support/command.ts';
import { KilledFirm } from '../support/kill-rounds.ts';

for (const servers of [1, 2]) {
  test(`${servers === 1 ? 'a server' : 'two servers on one file'} killed while writing: what was acknowledged is there, nothing half, nothing twice`, async (t) => {
    const { folder } = commandLine(t);
    const firm = await KilledFirm.make(path.join(folder, 'killed.db'), [program]);
    let acknowledged = 0;
    for (const after of [150, 333, 512]) {
      acknowledged += (await firm.round(after, servers)).acknowledged;
    }
    assert.ok(acknowledged > 10);
  });
}
