import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { commandLine, program } from '../support/command.ts';
import { KilledDeliveries } from '../support/killed-deliveries.ts';
import { startReceiver } from '../support/receiver.ts';

for (const servers of [1, 2]) {
  test(`${servers === 1 ? 'a server' : 'one of two servers on one file'} killed while delivering: every event arrives, with the same bytes if twice`, async (t) => {
    const { folder } = commandLine(t);
    const file = path.join(folder, 'killed.db');
    const firm = await KilledDeliveries.make(file, [program], await startReceiver(t));
    let events = 0;
    for (const after of [50, 230]) events += (await firm.round(after, servers)).events;
    assert.ok(events > 20);
    t.diagnostic(`${events} events`);
  });
}
