import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { AccountAnswer } from '../../shared/answers/accounts.ts';
import type { AuditAnswer } from '../../shared/answers/audit.ts';
import type { EventsAnswer } from '../../shared/answers/events.ts';
import type { StatsAnswer } from '../../shared/answers/stats.ts';
import type { UserAnswer } from '../../shared/answers/users.ts';
import { day, hour } from '../../shared/time.ts';
import { api } from '../support/api.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

async function startFirm(t: TestContext) {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const own = api(server, partner.key);
  const events = async () => {
    const { body } = await own.get<EventsAnswer>(
      'events?limit=1000&types=account.created,account.updated',
    );
    return body.events.map(({ event, data }) => [event, data] as const);
  };
  return { ...own, server, partner, events };
}

test('a user is made once for an external id, and a field that differs is a 409 that names it', async (t) => {
  const { post, patch, get } = await startFirm(t);
  const sent = { external_id: '12345', name: 'Ada Lovelace', email: 'Ada@firm.example' };
  const made = await post<UserAnswer>('users', sent);
  assert.equal(made.status, 201);
  assert.match(made.body.id, /^usr_/);
  assert.equal(made.body.email, 'ada@firm.example');
  const again = await post<UserAnswer>('users', { external_id: '12345', name: 'Ada Lovelace' });
  assert.deepEqual([again.status, again.body], [200, made.body]);
  const other = await post('users', { external_id: '12345', name: 'Bo', email: 'bo@firm.example' });
  assert.deepEqual(
    [other.status, other.body.code, other.body.details!.map(({ path }) => path)],
    [409, 'conflict', ['name', 'email']],
  );
  assert.equal((await post('users', { name: 'Ada Lovelace' })).status, 201);
  const changed = await patch<UserAnswer>('users/ext:12345', { name: null, external_id: 'A-1' });
  assert.deepEqual([changed.body.name, changed.body.external_id], [null, 'A-1']);
  assert.equal((await get('users/ext:12345')).status, 404);
  await post('users', { external_id: 'A-2' });
  const taken = await patch('users/ext:A-2', { external_id: 'A-1' });
  assert.deepEqual([taken.status, taken.body.details![0]!.path], [409, 'external_id']);
});

test('an external id has 1 to 64 visible characters without comma and slash, and is not . or ..', async (t) => {
  const { post } = await startFirm(t);
  for (const external_id of ['x', 'ü'.repeat(64), 'a:b', '...', 'ext:1']) {
    assert.equal((await post('users', { external_id })).status, 201, external_id);
  }
  for (const external_id of ['', '.', '..', 'a b', 'a,b', 'a/b', 'x'.repeat(65), 'a\u0000', 7]) {
    const { status, body } = await post('users', { external_id });
    assert.deepEqual([status, body.details?.[0]?.path], [400, 'external_id'], String(external_id));
  }
});

test('an account is made once for an external id, in the partner’s currency unless another is named', async (t) => {
  const { post, get, events } = await startFirm(t);
  const { body: user } = await post<UserAnswer>('users', { external_id: '7' });
  const sent = {
    ...{ nickname: 'Apex 50K', external_id: 'A-1', user_id: 'ext:7', firm_id: 'apex' },
    ...{ firm: 'Apex Trader Funding', starting_balance: 50_000, max_drawdown: 2_500 },
  };
  const made = await post<AccountAnswer>('accounts', sent);
  assert.equal(made.status, 201);
  assert.deepEqual(made.body, {
    ...sent,
    ...{ id: made.body.id, user_id: user.id, currency: 'USD', status: 'active', attempt: 1 },
    ...{ attempt_started_at: null, balance: 50_000, trade_count: 0, total_pnl: 0 },
    ...{ created_at: testNow, closed_at: null },
    ...{ equity: null, open_pnl: null, observed_at: null },
  });
  const again = await post<AccountAnswer>('accounts', { nickname: 'Apex 50K', external_id: 'A-1' });
  assert.deepEqual([again.status, again.body], [200, made.body]);
  const other = { nickname: 'Apex 50K', external_id: 'A-1', starting_balance: 1, currency: 'EUR' };
  const { status, body } = await post('accounts', other);
  assert.deepEqual(
    [status, body.details!.map(({ path, stored, given }) => [path, stored, given])],
    [
      409,
      [
        ['currency', 'USD', 'EUR'],
        ['starting_balance', 50_000, 1],
      ],
    ],
  );
  assert.equal(
    (await post('accounts', { ...sent, external_id: 'A-2', user_id: 'ext:8' })).status,
    404,
  );
  assert.deepEqual((await get<AccountAnswer>('accounts/ext:A-1')).body, made.body);
  assert.deepEqual(await events(), [
    [
      'account.created',
      { account_id: made.body.id, nickname: 'Apex 50K', firm: 'Apex Trader Funding' },
    ],
  ]);
});

test('the firm of the event of a new account is its name, else its id', async (t) => {
  const { post, events } = await startFirm(t);
  await post('accounts', { nickname: 'First', firm_id: 'apex' });
  await post('accounts', { nickname: 'Second' });
  assert.deepEqual(
    (await events()).map(([, data]) => (data as { firm: string | null }).firm),
    ['apex', null],
  );
});

test('what is changed of an account is told; its currency changes only while it has no trades', async (t) => {
  const { post, patch, partner, events } = await startFirm(t);
  const { body } = await post<AccountAnswer>('accounts', { nickname: 'Apex 50K' });
  const at = `accounts/${body.id}`;
  const changed = await patch<AccountAnswer>(at, {
    ...{ nickname: 'Apex 100K', currency: 'EUR', starting_balance: 100_000, firm: null },
  });
  assert.deepEqual(
    [changed.body.nickname, changed.body.currency, changed.body.balance],
    ['Apex 100K', 'EUR', 100_000],
  );
  await patch(at, { nickname: 'Apex 100K' });
  await partner.addTrades(body.id, [{ entry_time: testNow, exit_time: null, pnl: null }]);
  const refused = await patch(at, { currency: 'USD' });
  assert.deepEqual([refused.status, refused.body.details![0]!.path], [409, 'currency']);
  assert.deepEqual((await events()).slice(1), [
    [
      'account.updated',
      { account_id: body.id, changes: ['nickname', 'currency', 'starting_balance'] },
    ],
  ]);
});

test('closing and reopening change the status, once each', async (t) => {
  const { post, get, partner, events } = await startFirm(t);
  const id = await partner.newAccount();
  for (let time = 0; time < 2; time++) {
    const { status, body } = await post<AccountAnswer>(`accounts/${id}/close`);
    assert.deepEqual([status, body.status, body.closed_at], [200, 'closed', testNow]);
  }
  const { body } = await post<AccountAnswer>(`accounts/${id}/reopen`);
  assert.deepEqual([body.status, body.closed_at], ['active', null]);
  await post(`accounts/${id}/reopen`);
  assert.deepEqual((await get<AccountAnswer>(`accounts/${id}`)).body, body);
  const told = ['account.updated', { account_id: id, changes: ['status'] }];
  assert.deepEqual(await events(), [told, told]);
});

test('a reset starts the next attempt, and trades that were opened since move with it', async (t) => {
  const { post, get, partner, events } = await startFirm(t);
  const id = await partner.newAccount({ startingBalance: 50_000 });
  const trade = (ago: number, pnl: number) => ({
    ...{ id: `t${ago}`, entry_time: testNow - ago, exit_time: testNow - ago + 1, pnl },
  });
  await partner.addTrades(id, [trade(3 * day, 1), trade(2 * day, 2), trade(hour, 4)]);
  const reset = await post<AccountAnswer>(`accounts/${id}/reset`, {
    ...{ at: testNow - 2 * day, starting_balance: 25_000, max_drawdown: 1_000 },
  });
  assert.deepEqual(
    [reset.body.attempt, reset.body.attempt_started_at, reset.body.trade_count, reset.body.balance],
    [2, testNow - 2 * day, 2, 25_006],
  );
  const first = await get<AccountAnswer>(`accounts/${id}?attempt=1`);
  assert.deepEqual(
    [first.body.attempt, first.body.trade_count, first.body.balance, first.body.max_drawdown],
    [1, 1, 50_001, null],
  );
  const all = await get<StatsAnswer>('stats?period=all');
  assert.equal(all.body.stats.totalPnl, 7);
  for (const at of [testNow - 2 * day, testNow - 3 * day, testNow + 1]) {
    const { status, body } = await post(`accounts/${id}/reset`, { at });
    assert.deepEqual([status, body.details![0]!.path], [400, 'at']);
  }
  const next = await post<AccountAnswer>(`accounts/${id}/reset`);
  assert.deepEqual(
    [next.body.attempt, next.body.starting_balance, next.body.max_drawdown],
    [3, 25_000, 1_000],
  );
  assert.deepEqual(
    (await events()).map(([, data]) => (data as { changes: string[] }).changes),
    [['attempt', 'starting_balance', 'max_drawdown'], ['attempt']],
  );
});

test('the first attempt reaches back without end, so that it can be ended long before the account was made', async (t) => {
  const { post, get, partner } = await startFirm(t);
  const id = await partner.newAccount();
  await partner.addTrades(id, [{ entry_time: testNow - 90 * day, exit_time: testNow, pnl: 1 }]);
  const at = testNow - 100 * day;
  const reset = await post<AccountAnswer>(`accounts/${id}/reset`, { at });
  assert.deepEqual([reset.body.attempt, reset.body.trade_count], [2, 1]);
  await partner.addTrades(id, [
    { id: 'later', entry_time: testNow - day, exit_time: testNow, pnl: 1 },
    { id: 'before', entry_time: at - 1, exit_time: testNow, pnl: 1 },
  ]);
  assert.equal((await get<AccountAnswer>(`accounts/${id}`)).body.trade_count, 2);
});

test('the audit trail says who did so, with ids and names of fields alone', async (t) => {
  const { post, patch, delete: remove, get } = await startFirm(t);
  await post('users', { external_id: 'secret-1', name: 'Ada Lovelace', email: 'ada@firm.example' });
  await patch('users/ext:secret-1', { name: 'Ada King' });
  const account = { nickname: 'Ada’s account', user_id: 'ext:secret-1', external_id: 'secret-2' };
  const { body } = await post<AccountAnswer>('accounts', account);
  await patch('accounts/ext:secret-2', { nickname: 'Other' });
  await post('accounts/ext:secret-2/close');
  await remove('users/ext:secret-1');
  const { text, body: trail } = await get<AuditAnswer>('audit');
  assert.deepEqual(trail.entries.map(({ action }) => action).slice(0, 7), [
    ...['user.erased', 'account.erased', 'account.closed', 'account.changed'],
    ...['account.created', 'user.changed', 'user.created'],
  ]);
  assert.equal(trail.entries[1]!.subject, body.id);
  assert.doesNotMatch(text, /Ada|secret|Other/);
});
