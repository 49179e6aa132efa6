import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { PropTally, PropTallyError, type SendTradesParameters } from '../../clients/js/index.ts';
import { makePartner, plainCsv, tradesOf } from '../support/partner.ts';
import { answer, startScripted } from '../support/scripted-server.ts';
import { startTestServer, testNow } from '../support/server.ts';

/** A running server, a firm on it, and a client with the firm's key. */
async function startFirm(t: TestContext) {
  const server = await startTestServer(t);
  const firm = await makePartner(server.database, 'enterprise');
  return { server, firm, pt: new PropTally({ baseUrl: server.address, key: firm.key }) };
}

const trade = {
  direction: 'long' as const,
  ...{ symbol: 'ES', quantity: 1, entry_price: 5250.5, exit_price: 5254.25, pnl: 187.5 },
  ...{ entry_time: testNow - 60_000, exit_time: testNow - 30_000 },
};

async function failureOf(call: PromiseLike<unknown>): Promise<PropTallyError> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof PropTallyError, String(error));
    return error;
  }
  assert.fail('It succeeded');
}

test('a firm makes an account, sends trades, corrects them and reads its figures', async (t) => {
  const { pt } = await startFirm(t);
  const user = await pt.createUser({ external_id: 'u1', name: 'Ada' });
  const account = await pt.createAccount({ nickname: 'Apex 50K', user_id: 'ext:u1' });
  assert.equal(account.user_id, user.id);
  const one = { account_id: account.id, external_id: 't1', ...trade };
  await pt.sendTrades(one);
  await pt.sendTrades({ trades: [{ ...one, external_id: 't2', pnl: -50.25 }] });
  const { pnl } = await pt.changeTrade({ id: 't2', account_id: account.id, pnl: -60.25 });
  assert.equal(pnl, -60.25);
  const { stats } = await pt.readStats({ account_id: account.id, period: 'all' });
  assert.deepEqual([stats.tradeCount, stats.totalPnl], [2, 127.25]);
  const { accounts } = await pt.readStatsOfAccounts({ account_id: [account.id, 'acc_unknown'] });
  assert.equal(accounts.length, 2);
  const { status, code } = await failureOf(pt.sendTrades({ ...one, pnl: 1 }));
  assert.deepEqual([status, code], [409, 'conflict']);
  await pt.sendTrades({ ...one, pnl: 1, upsert: true });
  assert.deepEqual(await pt.deleteTrade({ id: 't1', account_id: account.id }), { success: true });
  assert.equal((await pt.readAccount({ account_id: account.id })).trade_count, 1);
});

test('a field is unset by null, and one that is undefined is not sent', async (t) => {
  const { pt } = await startFirm(t);
  const { id } = await pt.createAccount({ nickname: 'A', firm: 'Summit', external_id: 'a1' });
  const changed = await pt.changeAccount({
    ...{ account_id: id, firm: null },
    external_id: undefined as never,
  });
  assert.deepEqual([changed.firm, changed.external_id], [null, 'a1']);
});

test('an error has the status, code, sentence, details and request id of the answer', async (t) => {
  const { pt, server } = await startFirm(t);
  const invalid = await failureOf(pt.listAccounts({ limit: 0, status: 'none' as 'all' }));
  assert.deepEqual([invalid.status, invalid.code], [400, 'invalid_parameters']);
  assert.deepEqual(
    invalid.details.map(({ path }) => path),
    ['status', 'limit'],
  );
  assert.match(invalid.requestId!, /^[\w-]{12}$/);
  assert.equal(invalid.message, invalid.answer!.error);
  const unknown = new PropTally({ baseUrl: server.address, key: 'pt_unknown' });
  assert.equal((await failureOf(unknown.readBranding())).code, 'invalid_key');
  await server.stop();
  // A file is not sent again, as it might make another account.
  const none = await failureOf(pt.importFile({ file: 'x', nickname: 'A' }));
  assert.deepEqual([none.code, none.status], ['connection_failed', null]);
});

test('what can’t be sent is refused before it is', async (t) => {
  const { pt } = await startFirm(t);
  const bad: Promise<unknown>[] = [
    pt.readStats({ acount_id: 'a' } as object),
    pt.eraseUser({ id: '..' }),
    pt.eraseUser({} as { id: string }),
    pt.sendTrades({ account_id: 'a', pnl: Number.NaN }),
  ];
  for (const call of bad) await assert.rejects(call, TypeError);
});

test('a list gives its items over all pages, its first page, or page after page', async (t) => {
  const { pt, server } = await startFirm(t);
  const names = ['A', 'B', 'C', 'D', 'E'];
  for (const nickname of names) {
    server.clock.now += 1;
    await pt.createAccount({ nickname });
  }
  const read = async (list: AsyncIterable<{ nickname: string }>) => {
    const found: string[] = [];
    for await (const { nickname } of list) found.push(nickname);
    return found;
  };
  assert.deepEqual(await read(pt.listAccounts({ limit: 2 })), names);
  assert.deepEqual(await read(pt.listAccounts({ limit: 2, offset: 1 })), names.slice(1));
  const first = await pt.listAccounts({ limit: 2 });
  assert.deepEqual([first.total, first.accounts.length], [5, 2]);
  assert.deepEqual(await read(pt.listAccounts({ cursor: first.next! })), names.slice(2));
  const sizes: number[] = [];
  for await (const { accounts } of pt.listAccounts({ limit: 2 }).pages())
    sizes.push(accounts.length);
  assert.deepEqual(sizes, [2, 2, 1]);
});

test('a list that is left early asks for no further page', async (t) => {
  const page = { accounts: [{ nickname: 'A' }], next: 'more' };
  const { address, arrived } = await startScripted(t, answer(200, page));
  const pt = new PropTally({ baseUrl: address, key: 'pt_1' });
  for await (const _ of pt.listAccounts()) break;
  assert.equal(arrived.length, 1);
});

test('lists by page, by number and by cursor for ever are read to their end', async (t) => {
  const { pt, firm } = await startFirm(t);
  const account_id = await firm.newAccount();
  await firm.addTrades(account_id, tradesOf([1, 2, 3, 4, 5]));
  const pnls: (number | null)[] = [];
  for await (const { pnl } of pt.listTrades({ account_id, limit: 2, order: 'asc' })) pnls.push(pnl);
  assert.deepEqual(pnls, [1, 2, 3, 4, 5]);
  for (const label of ['A', 'B', 'C']) await pt.createKey({ label });
  let entries = 0;
  for await (const { action } of pt.readAudit({ limit: 2 }))
    if (action === 'key.created') entries += 1;
  assert.equal(entries, 4);
  const types = ['trade.created' as const, 'milestone.reached' as const];
  let place = '';
  let events = 0;
  for await (const page of pt.listEvents({ types, limit: 2 }).pages()) {
    events += page.events.length;
    place = page.next;
  }
  assert.equal(events, 6);
  await pt.sendTrades({ account_id, ...trade });
  const later = await pt.listEvents({ types, after: place });
  assert.deepEqual(
    later.events.map(({ event }) => event),
    ['trade.created'],
  );
});

test('a file goes in as text, bytes, blob or stream, and a history comes out as a stream', async (t) => {
  const { pt } = await startFirm(t);
  const csv = plainCsv(tradesOf([100, -50.25]));
  const files = [csv, new TextEncoder().encode(csv), new Blob([csv]), new Blob([csv]).stream()];
  for (const [index, file] of files.entries()) {
    const { added } = await pt.importFile({ file, nickname: `Account ${index}`, format: 'csv' });
    assert.equal(added, 2);
  }
  const { accounts } = await pt.listAccounts();
  const stream = await pt.exportTrades({ account_id: accounts[0]!.id });
  const text = await new Response(stream).text();
  const again = await pt.importFile({ file: text, nickname: 'Again', dry_run: true });
  assert.deepEqual([again.added, 'state' in again], [2, false]);
});

test('a key of one’s own makes it safe to call again in another process', async (t) => {
  const { pt } = await startFirm(t);
  const call = () => pt.createAccount({ nickname: 'A' }, { idempotencyKey: 'order-17' });
  assert.equal((await call()).id, (await call()).id);
  assert.notEqual((await pt.createAccount({ nickname: 'A' })).id, (await call()).id);
  assert.equal((await pt.listAccounts()).total, 2);
});

test('an embed token reads widgets’ data', async (t) => {
  const { pt, firm, server } = await startFirm(t);
  const account_id = await firm.newAccount();
  const { token } = await pt.createEmbedToken({ widgets: ['stats-card'], account_id });
  const visitor = new PropTally({ baseUrl: server.address, key: token });
  assert.equal((await visitor.readWidget({ widget: 'stats-card' })).widget, 'stats-card');
});

test('names and values are checked by the compiler', () => {
  const check = (pt: PropTally) => {
    // @ts-expect-error: a parameter that there is not
    pt.readStats({ acount_id: 'a' });
    // @ts-expect-error: a value that it does not take
    pt.readStats({ period: '31d' });
    // @ts-expect-error: a parameter is missing
    pt.readAccount();
    // @ts-expect-error: neither an account nor trades
    const neither: SendTradesParameters = { symbol: 'ES' };
    // @ts-expect-error: a type of event that there is not
    pt.listEvents({ types: ['trade.made'] });
    const changes = pt.followChanges();
    // @ts-expect-error: a field that no message has
    changes.next().then(({ value }) => value?.trade);
    // @ts-expect-error: it takes no key
    pt.deleteTrade({ id: 't', account_id: 'a' }, { idempotencyKey: 'k' });
    return neither;
  };
  assert.ok(check);
});
