import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { countAccounts, listAccounts } from '../../server/store/accounts.ts';
import type { AccountsAnswer } from '../../shared/answers/accounts.ts';
import { minute } from '../../shared/time.ts';
import { api } from '../support/api.ts';
import { openTestDatabase } from '../support/database.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';
import { planOf, skippedRows, statementsOf } from '../support/sql.ts';

interface Made {
  id: string;
  firm: string;
  created_at: number;
}

/** Accounts of two firms, of which some were made at the same time, in no order. */
async function startFirm(t: TestContext) {
  const server = await startTestServer(t);
  const { database } = server;
  const partner = await makePartner(database);
  const accounts: Made[] = [];
  for (let number = 0; number < 60; number++) {
    const firm = number % 3 === 0 ? 'A' : 'B';
    const currency = number % 10 === 0 ? 'EUR' : 'USD';
    const id = await partner.newAccount({ nickname: `Account ${number}`, firm, currency });
    const created_at = testNow - ((number * 7) % 11) * minute;
    accounts.push({ id, firm, created_at });
    database.handle.prepare('update accounts set created_at = ? where id = ?').run(created_at, id);
  }
  return { database, partner, accounts, get: api(server, partner.key).get };
}

test('all pages of accounts together are all accounts, the oldest first', async (t) => {
  const { accounts, get } = await startFirm(t);
  const sorted = accounts.toSorted(
    (one, other) => one.created_at - other.created_at || (one.id < other.id ? -1 : 1),
  );
  for (const firm of [null, 'A', 'B', 'C']) {
    const expected = sorted.filter((each) => each.firm === (firm ?? each.firm));
    const ofFirm = firm === null ? '' : `&firm_id=${firm}`;
    for (const limit of [7, 20, 200]) {
      for (let offset = 0; offset <= expected.length; offset += limit) {
        const query = `accounts?limit=${limit}&offset=${offset}${ofFirm}`;
        const { body } = await get<AccountsAnswer>(query);
        assert.deepEqual(
          body.accounts.map(({ id }) => id),
          expected.slice(offset, offset + limit).map(({ id }) => id),
          query,
        );
        assert.equal(body.total, expected.length, query);
      }
    }
  }
});

test('of accounts that are only skipped or counted, none is read outside an index', async (t) => {
  const { database, partner } = await startFirm(t);
  const byId = 'SEARCH accounts USING INDEX sqlite_autoindex_accounts_1 (partner_id=? AND id=?)';
  for (const [firm, offset, skipped] of [
    [null, 0, 0],
    [null, 20, 20],
    [null, 55, 0],
    ['A', 4, 4],
    ['A', 15, 0],
  ] as const) {
    const statements = await statementsOf(t, async () => {
      const page = { firm, limit: 5, from: offset };
      const { accounts } = await listAccounts(database.read, partner.id, page);
      assert.equal(accounts.length, 5);
    });
    const steps = statements.flatMap((each) => planOf(database, each));
    assert.deepEqual(
      steps.filter((step) => /\baccounts\b/.test(step) && !step.includes(' COVERING ')),
      [byId],
    );
    // A page is read from the nearer end of the list.
    assert.deepEqual(skippedRows(statements), [skipped]);
  }
  const [counting] = await statementsOf(t, async () => {
    const counted = await countAccounts(database.read, partner.id, 'USD');
    assert.deepEqual(counted, { counted: 54, left_out: 6 });
  });
  assert.deepEqual(planOf(database, counting!), [
    'SEARCH account_counts USING PRIMARY KEY (partner_id=?)',
  ]);
});

test('accounts are counted as they are made, change their currency and are removed', async (t) => {
  const database = await openTestDatabase(t);
  const partner = await makePartner(database);
  const counts = async () => {
    const { counted, left_out } = await countAccounts(database.read, partner.id, 'USD');
    return [counted, left_out];
  };
  assert.deepEqual(await counts(), [0, 0]);
  const [first] = [await partner.newAccount(), await partner.newAccount()];
  await partner.newAccount({ currency: 'EUR' });
  assert.deepEqual(await counts(), [2, 1]);
  database.handle.prepare("update accounts set currency = 'EUR' where id = ?").run(first);
  assert.deepEqual(await counts(), [1, 2]);
  database.handle.prepare('delete from attempts where account_id = ?').run(first);
  database.handle.prepare('delete from accounts where id = ?').run(first);
  assert.deepEqual(await counts(), [1, 1]);
});
