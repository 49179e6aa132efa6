import assert from 'node:assert/strict';
import { once } from 'node:events';
import path from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../server/store/database.ts';
import { api } from '../support/api.ts';
import { commandLine, program } from '../support/command.ts';
import { raise, someEvents } from '../support/events.ts';
import { serveFile } from '../support/kill-rounds.ts';
import { makePartner } from '../support/partner.ts';
import { startReceiver } from '../support/receiver.ts';

test('a server ends within seconds though a webhook does not answer', async (t) => {
  const file = path.join(commandLine(t).folder, 'test.db');
  const database = await openDatabase(file);
  t.after(() => database.close());
  const partner = await makePartner(database);
  const receiver = await startReceiver(t);
  receiver.answer = () => {};
  const { child, address } = await serveFile(file, [program]);
  await api({ address }, partner.key).post('webhooks', { url: receiver.url });
  await raise(database, partner.id, someEvents(1));
  while (receiver.received.length === 0) await sleep(20);
  const asked = performance.now();
  child.kill('SIGTERM');
  await once(child, 'exit');
  const took = performance.now() - asked;
  // An attempt may take ten seconds.
  assert.ok(took < 5_000, `${took} ms`);
});
