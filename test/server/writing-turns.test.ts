import assert from 'node:assert/strict';
import test from 'node:test';
import { openTestDatabase } from '../support/database.ts';
import { testNow } from '../support/server.ts';
import { writerThread } from '../support/threads.ts';

test('a write does not wait until all bodies of another caller are read', async (t) => {
  const database = await openTestDatabase(t);
  const body = Buffer.from(JSON.stringify({ unknown: true }));
  const query = { partial: false, upsert: false, restore: false };
  const ended: string[] = [];
  const send = async (turn: string) => {
    // The body is refused before anybody asks who the caller is.
    const asked = {
      route: 'sendTrades',
      query,
      body,
      caller: null as never,
      repeatable: null,
      publicUrl: '',
      canMail: true,
    };
    const operation = { kind: 'change' as const, asked };
    const how = { turn, clock: () => testNow };
    await assert.rejects(writerThread.run(database, operation, how), /is not known/);
    ended.push(turn);
  };
  await Promise.all([...Array.from({ length: 100 }, () => send('busy')), send('other')]);
  assert.ok(ended.indexOf('other') < 10, `after ${ended.indexOf('other')} of the other caller`);
});
