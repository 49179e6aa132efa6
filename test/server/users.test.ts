import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { accountsOfUsers } from '../../server/store/accounts.ts';
import { listUsers } from '../../server/store/users.ts';
import type { UserAnswer, UsersAnswer } from '../../shared/answers/users.ts';
import { minute } from '../../shared/time.ts';
import { api } from '../support/api.ts';
import { allOf, pagesOf } from '../support/pages.ts';
import { makePartner, tradesOf } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';
import { signIn } from '../support/signed-in.ts';
import { planOf, statementsOf } from '../support/sql.ts';
import { addUser } from '../support/users.ts';

async function startFirm(t: TestContext) {
  const server = await startTestServer(t);
  const { database } = server;
  const partner = await makePartner(database);
  const asked = api(server, partner.key);
  return { server, database, partner, asked };
}

const usersOf = ({ users }: UsersAnswer) => users;

test('a user is told with its accounts, by its id and by its external id', async (t) => {
  const { database, partner, asked } = await startFirm(t);
  const id = await addUser(database, partner.id, {
    ...{ externalId: '123', name: 'Ada', email: 'ada@traders.example' },
  });
  await addUser(database, partner.id);
  const first = await partner.newAccount({ nickname: 'First', userId: id, externalId: 'A-1' });
  const second = await partner.newAccount({ nickname: 'Second', userId: id });
  await partner.newAccount({ nickname: 'Of nobody' });
  database.handle
    .prepare('update accounts set created_at = created_at - 1 where id = ?')
    .run(second);
  await partner.addTrades(first, tradesOf([1.5, 2]));
  const { body } = await asked.get<UserAnswer>(`users/${id}`);
  const account = { user_id: id, firm_id: null, status: 'active', currency: 'USD' };
  assert.deepEqual(body, {
    ...{ id, external_id: '123', name: 'Ada', email: 'ada@traders.example', created_at: testNow },
    accounts: [
      {
        ...{ id: second, external_id: null, nickname: 'Second', ...account },
        ...{ trade_count: 0, total_pnl: 0 },
      },
      {
        ...{ id: first, external_id: 'A-1', nickname: 'First', ...account },
        ...{ trade_count: 2, total_pnl: 3.5 },
      },
    ],
    account_count: 2,
  });
  assert.deepEqual((await asked.get<UserAnswer>('users/ext:123')).body, body);
  const { body: list } = await asked.get<UsersAnswer>('users');
  assert.deepEqual(
    list.users.find((user) => user.id === id),
    body,
  );
  assert.deepEqual(list.users.map(({ account_count }) => account_count).sort(), [0, 2]);
});

test('an unknown user is a 404, and so is another firm’s, by id or external id', async (t) => {
  const { server, database, asked } = await startFirm(t);
  const other = await makePartner(database);
  const id = await addUser(database, other.id, { externalId: 'theirs' });
  const { status, text } = await asked.get('users/usr_00000000000000000000');
  assert.equal(status, 404);
  for (const reference of [id, 'ext:theirs', 'ext:nobody', 'ext:']) {
    const answer = await asked.get(`users/${reference}`);
    assert.deepEqual([answer.status, answer.text], [404, text], reference);
  }
  assert.equal((await api(server, other.key).get('users/ext:theirs')).status, 200);
  assert.deepEqual((await asked.get<UsersAnswer>('users')).body, { users: [], next: null });
});

test('users need the scope users:read, and the key in a header: no page can ask for them', async (t) => {
  const { server, database, partner } = await startFirm(t);
  const id = await addUser(database, partner.id);
  const session = api(server, await signIn(server, partner));
  const writing = api(server, await partner.newKey(['users:write']));
  const reading = api(server, await partner.newKey(['users:read']));
  const others = api(server, await partner.newKey(['embed:read', 'stats:read', 'accounts:list']));
  const publishable = api(server, await partner.newKey(['embed:read']));
  const { body } = await api(server, partner.key).post<{ token: string }>('embed-tokens');
  const token = api(server, body.token);
  for (const address of ['users', `users/${id}`]) {
    for (const allowed of [session, writing, reading])
      assert.equal((await allowed.get(address)).status, 200, address);
    for (const refused of [others, publishable])
      assert.equal((await refused.get(address)).body.code, 'missing_scope', address);
    assert.equal((await token.get(address)).status, 403, address);
    const inAddress = await api(server, null).get(`${address}?api_key=${partner.key}`);
    assert.deepEqual([inAddress.status, inAddress.body.code], [401, 'missing_key'], address);
  }
});

test('all pages of users together are all users, the oldest first, also when some are made meanwhile', async (t) => {
  const { database, partner, asked } = await startFirm(t);
  const made: { id: string; createdAt: number }[] = [];
  for (let number = 0; number < 23; number++) {
    const createdAt = testNow - ((number * 7) % 5) * minute;
    made.push({ id: await addUser(database, partner.id, { createdAt }), createdAt });
  }
  const sorted = made
    .toSorted((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1))
    .map(({ id }) => id);
  for (const limit of [1, 5, 23, 200]) {
    const listed = await allOf(asked, `users?limit=${limit}`, usersOf);
    assert.deepEqual(
      listed.map(({ id }) => id),
      sorted,
    );
  }
  const seen: string[] = [];
  const later: string[] = [];
  for await (const { users } of pagesOf<UsersAnswer>(asked, 'users?limit=10')) {
    seen.push(...users.map(({ id }) => id));
    // One before the place that was reached, and one after all others.
    if (later.length === 2) continue;
    await addUser(database, partner.id, { createdAt: testNow - 60 * minute });
    later.push(await addUser(database, partner.id, { createdAt: testNow + seen.length }));
  }
  assert.deepEqual(seen, [...sorted, ...later]);
});

test('of a user’s accounts the hundred oldest are told, and how many there are', async (t) => {
  const { database, partner, asked } = await startFirm(t);
  const [id, other] = [await addUser(database, partner.id), await addUser(database, partner.id)];
  const ids: string[] = [];
  for (let number = 0; number < 103; number++)
    ids.push(await partner.newAccount({ userId: id, nickname: `${number}` }));
  const theirs = await partner.newAccount({ userId: other });
  const setAge = database.handle.prepare('update accounts set created_at = ? where id = ?');
  for (const [index, account] of ids.entries()) setAge.run(testNow - index * minute, account);
  const { body } = await asked.get<UserAnswer>(`users/${id}`);
  assert.deepEqual(
    body.accounts.map((account) => account.id),
    ids.toReversed().slice(0, 100),
  );
  assert.equal(body.account_count, 103);
  const listed = await allOf(asked, 'users?limit=1', usersOf);
  assert.deepEqual(listed.map((user) => [user.account_count, user.accounts.length]).sort(), [
    [1, 1],
    [103, 100],
  ]);
  assert.deepEqual(listed.find((user) => user.id === other)!.accounts[0]!.id, theirs);
});

test('an account that is being erased is no longer told with its user', async (t) => {
  const { database, partner, asked } = await startFirm(t);
  const id = await addUser(database, partner.id);
  await partner.newAccount({ userId: id });
  const erased = await partner.newAccount({ userId: id });
  database.handle.prepare("update accounts set status = 'erased' where id = ?").run(erased);
  const { body } = await asked.get<UserAnswer>(`users/${id}`);
  assert.equal(body.account_count, 1);
  assert.ok(body.accounts.every((account) => account.id !== erased));
});

test('a page of users and their accounts are found in indexes', async (t) => {
  const { database, partner } = await startFirm(t);
  const ids: string[] = [];
  for (let number = 0; number < 5; number++) {
    ids.push(await addUser(database, partner.id));
    for (let count = 0; count < 3; count++) await partner.newAccount({ userId: ids[number]! });
  }
  const statements = await statementsOf(t, async () => {
    const after = { created_at: testNow, id: '' };
    assert.equal((await listUsers(database.read, partner.id, after, 3)).length, 3);
    assert.equal((await accountsOfUsers(database.read, partner.id, ids, 2)).size, 5);
  });
  const steps = statements.flatMap((each) => planOf(database, each));
  assert.ok(
    steps.includes(
      'SEARCH users USING INDEX users_by_age (partner_id=? AND (created_at,id)>(?,?))',
    ),
    steps.join('\n'),
  );
  assert.deepEqual([...new Set(steps.filter((step) => /\baccounts\b/.test(step)))].sort(), [
    'SEARCH accounts USING COVERING INDEX accounts_by_user (partner_id=? AND user_id=?)',
    'SEARCH accounts USING INDEX sqlite_autoindex_accounts_1 (partner_id=? AND id=?)',
  ]);
});
