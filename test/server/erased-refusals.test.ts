import assert from 'node:assert/strict';
import test from 'node:test';
import { hour } from '../../shared/time.ts';
import { api } from '../support/api.ts';
import { makePartner, tradesOf } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

test('a stored answer with nothing but refused trades of an account is erased with it', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const client = api(server, partner.key);
  const account = await partner.newAccount({ externalId: 'C-7' });
  await partner.addTrades(account, tradesOf([5]));
  const again = {
    account_id: 'ext:C-7',
    external_id: 't0',
    symbol: 'NQ',
    entry_time: testNow - hour,
  };
  const send = () =>
    client.post<{ trades: { account_id: string }[] }>(
      'trades?partial=true',
      { trades: [again] },
      { 'Idempotency-Key': 'k' },
    );
  const first = await send();
  assert.equal(first.body.trades[0]!.account_id, account);
  assert.equal((await send()).text, first.text);
  await client.delete(`accounts/${account}`);
  assert.equal((await send()).status, 404);
});
