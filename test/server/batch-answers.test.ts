import assert from 'node:assert/strict';
import test from 'node:test';
import { api } from '../support/api.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';

test('the answer to a batch of unknown fields is not longer than what was sent by much', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const unknown = Object.fromEntries(Array.from({ length: 240 }, (_, index) => [`x${index}`, 0]));
  const trades = Array.from({ length: 1_000 }, () => ({ account_id: 'none', ...unknown }));
  const { status, text, body } = await api(server, key).post<{
    counts: { refused: number };
    trades: { details: unknown[] }[];
  }>('trades?partial=true', { trades });
  assert.deepEqual([status, body.counts.refused], [200, 1_000]);
  assert.equal(body.trades[999]!.details.length, 20);
  assert.ok(text.length < 1.5 * JSON.stringify({ trades }).length, String(text.length));
});
