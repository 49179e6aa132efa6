import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { findAccount } from '../../server/store/accounts.ts';
import { operator, readAudit, recordAct } from '../../server/store/audit.ts';
import { transact } from '../../server/store/database.ts';
import { always } from '../../server/store/days.ts';
import { createKey, listKeys, scopesOf } from '../../server/store/keys.ts';
import { listTrades } from '../../server/store/list-trades.ts';
import { queueMail, settleMail } from '../../server/store/mail.ts';
import { findPartner } from '../../server/store/partners.ts';
import { mailStates } from '../../server/store/schema.ts';
import { billingStatuses, presets, scopes, tiers } from '../../shared/access.ts';
import type { StatsAnswer } from '../../shared/answers/stats.ts';
import { actorTypes, auditActions } from '../../shared/audit.ts';
import { periods } from '../../shared/period.ts';
import { directions, sortOrders, tradeSorts, tradeStatuses } from '../../shared/trades.ts';
import { tradingDays, utcDays } from '../../shared/trading-day.ts';
import { openTestDatabase } from '../support/database.ts';
import { makePartner, tradesOf } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

test('a partner can have every tier and every billing status', async (t) => {
  const database = await openTestDatabase(t);
  for (const tier of tiers) {
    const partner = await makePartner(database, tier);
    assert.equal((await findPartner(database.read, partner.id))?.tier, tier);
  }
  const partner = await makePartner(database);
  for (const tier of tiers) {
    await partner.set({ tier });
    assert.equal((await findPartner(database.read, partner.id))?.tier, tier);
  }
  for (const billing_status of billingStatuses) {
    await partner.set({ billing_status });
    const kept = await findPartner(database.read, partner.id);
    assert.equal(kept?.billing_status, billing_status);
  }
});

test('a key can have every scope and the scopes of every preset', async (t) => {
  const database = await openTestDatabase(t);
  for (const wanted of [...scopes.map((scope) => [scope]), ...Object.values(presets)]) {
    const { id } = await makePartner(database, tiers.at(-1));
    await transact(database, (transaction) => {
      const key = { label: 'Own', scopes: wanted, expiresAt: null };
      return createKey(transaction, id, key, operator, testNow, randomBytes);
    });
    const kept = await listKeys(database.read, id, testNow);
    const own = kept.find(({ label }) => label === 'Own');
    assert.deepEqual(own && scopesOf(own), wanted);
  }
});

test('the audit trail can record every action of every type of actor', async (t) => {
  const database = await openTestDatabase(t);
  const { id } = await makePartner(database);
  const before = (await readAudit(database.read, id, { before: Infinity, limit: 100 })).length;
  const acts = auditActions.flatMap((action) => actorTypes.map((type) => ({ action, type })));
  for (const { action, type } of acts) {
    const actor = { type, id: 'x', name: null, key_id: null };
    await transact(database, (transaction) =>
      recordAct(transaction, id, actor, { action, subject: null }, testNow),
    );
  }
  const entries = await readAudit(database.read, id, { before: Infinity, limit: 1_000 });
  assert.deepEqual(
    entries
      .toReversed()
      .slice(before)
      .map(({ action, actor: { type } }) => ({ action, type })),
    acts,
  );
});

test('a mail can have every state', async (t) => {
  const database = await openTestDatabase(t);
  await transact(database, (transaction) =>
    queueMail(transaction, { recipient: 'a@b.example', browser: '' }, testNow, randomBytes),
  );
  const mail = database.read.selectFrom('mail').select(['id', 'state']);
  const { id } = await mail.executeTakeFirstOrThrow();
  for (const state of mailStates) {
    await settleMail(database.write, id, { state });
    assert.deepEqual(await mail.execute(), [{ id, state }]);
  }
});

test('trades of every direction are stored, and can be listed by every filter and order', async (t) => {
  const database = await openTestDatabase(t);
  const partner = await makePartner(database);
  const accountId = await partner.newAccount();
  const trades = directions.map((direction, index) => ({
    ...tradesOf([1])[0]!,
    id: `t${index}`,
    direction,
  }));
  const { added } = await partner.addTrades(accountId, trades);
  assert.equal(added, directions.length);
  const account = (await findAccount(database.read, partner.id, accountId))!;
  const every = { span: always, symbol: null, limit: 100, offset: 0 };
  for (const direction of directions) {
    const wanted = { ...every, direction, status: 'closed', sort: 'pnl', order: 'asc' } as const;
    const found = await listTrades(database, account, tradingDays(utcDays), wanted);
    assert.deepEqual(
      found.trades.map((trade) => trade.direction),
      [direction],
    );
  }
  for (const status of tradeStatuses) {
    for (const sort of tradeSorts) {
      for (const order of sortOrders) {
        const wanted = { ...every, direction: null, status, sort, order };
        const { total } = await listTrades(database, account, tradingDays(utcDays), wanted);
        assert.equal(total, status === 'open' ? 0 : directions.length);
      }
    }
  }
});

test('every period can be requested', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  await partner.addTrades(await partner.newAccount(), tradesOf([5]));
  for (const period of periods) {
    const headers = { 'X-API-Key': partner.key };
    const response = await server.get(`/api/partner/stats?period=${period}`, headers);
    const answer = (await response.json()) as StatsAnswer;
    assert.deepEqual([answer.period, answer.stats.totalPnl], [period, 5]);
  }
});
