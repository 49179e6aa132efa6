import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { hour } from '../../shared/time.ts';
import { type Api, api } from '../support/api.ts';
import { importTrades, makePartner, type TestTrade } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

const open: TestTrade = {
  ...{ id: 'T1', entry_time: testNow - 3 * hour },
  ...{ exit_time: null, pnl: null },
};
const closed: TestTrade = { ...open, exit_time: testNow - 2 * hour, pnl: 10 };

/** An account with one open trade, which was imported. */
async function startWithOpen(t: TestContext) {
  const { database, address } = await startTestServer(t);
  const partner = await makePartner(database);
  const account = await partner.newAccount();
  const importAll = async (...trades: TestTrade[]) => {
    const report = await importTrades(database, partner.id, account, trades);
    const { added, closed, already_there, corrected, refused } = report;
    return { added, closed, already_there, corrected, refused };
  };
  await importAll(open);
  return {
    client: api({ address }, partner.key),
    trade: `trades/T1?account_id=${account}`,
    importAll,
  };
}

async function pnlOf(client: Api, trade: string) {
  const { body } = await client.get<{ pnl: number | null }>(trade);
  return body.pnl;
}

const none = { added: 0, closed: 0, already_there: 0, corrected: 0, refused: 0 };

test('a trade corrected while open and closed by API is found by a file with that exit', async (t) => {
  const { client, trade, importAll } = await startWithOpen(t);
  await client.patch(trade, { quantity: 2 });
  await client.patch(trade, { exit_time: closed.exit_time, exit_price: 5000, pnl: 10 });
  assert.deepEqual(await importAll(closed), { ...none, corrected: 1 });
  assert.deepEqual(await importAll({ ...closed, pnl: 99 }), { ...none, refused: 1 });
});

test('a file does not close a trade before the time to which its entry was corrected', async (t) => {
  const { client, trade, importAll } = await startWithOpen(t);
  await client.patch(trade, { entry_time: testNow - hour });
  assert.deepEqual(await importAll(closed), { ...none, refused: 1 });
  assert.equal(await pnlOf(client, trade), null);
});
