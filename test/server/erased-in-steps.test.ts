import assert from 'node:assert/strict';
import test from 'node:test';
import { api } from '../support/api.ts';
import { makePartner, tradesOf } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';

test('however many accounts a user has, at most 2,000 trades are erased at once', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const client = api(server, partner.key);
  const { id } = (await client.post<{ id: string }>('users', { name: 'Ada' })).body;
  for (const nickname of ['one', 'two', 'three']) {
    const account = await partner.newAccount({ nickname, userId: id });
    await partner.addTrades(account, tradesOf(Array(900).fill(1)));
  }
  await client.delete(`users/${id}`);
  const { count } = server.database.handle
    .prepare<[], { count: number }>('select count(*) as count from trades')
    .get()!;
  assert.equal(count, 700);
  const { body } = await client.get<{ total: number }>('accounts?status=all');
  assert.equal(body.total, 0);
});
