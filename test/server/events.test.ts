import assert from 'node:assert/strict';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { readEvents } from '../../server/events/outbox.ts';
import { openDatabase, transact } from '../../server/store/database.ts';
import { raiseRevision } from '../../server/store/partners.ts';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import type { EventsAnswer } from '../../shared/answers/events.ts';
import { eventTypes } from '../../shared/events.ts';
import { api } from '../support/api.ts';
import { serveBeside } from '../support/beside.ts';
import { raise, someEvents } from '../support/events.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';
import { planOf, statementsOf } from '../support/sql.ts';

async function startFirm(t: TestContext) {
  const server = await startTestServer(t);
  const { database } = server;
  const partner = await makePartner(database);
  const { get } = api(server, partner.key);
  const read = async (query = '') => {
    const { status, text, body } = await get<EventsAnswer>(`events?${query}`);
    assert.equal(status, 200, text);
    return body;
  };
  const refusal = async (query: string) => {
    const { status, body } = await get<ErrorAnswer>(`events?${query}`);
    return { status, ...body };
  };
  /** Changes rows directly, as something that no route does. */
  const change = (sql: string, ...values: (string | number)[]) =>
    transact(database, async (transaction) => {
      database.handle.prepare(sql).run(...values);
      await raiseRevision(transaction, partner.id);
    });
  return { server, database, partner, read, refusal, change };
}

const numbersIn = ({ events }: EventsAnswer) => events.map(({ data }) => data?.number);
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('events are told in their order, with id, type, time and data', async (t) => {
  const { database, partner, read } = await startFirm(t);
  const account = await partner.newAccount();
  const told = { account_id: account, nickname: 'Apex 50K', firm: null };
  await raise(database, partner.id, [
    { type: 'account.created', accountId: account, data: told },
    { type: 'account.updated', accountId: account, data: { account_id: account, changes: ['q'] } },
  ]);
  await raise(database, partner.id, someEvents(1), testNow + 1);
  const { events, has_more } = await read();
  const ids = events.map(({ id }) => id);
  const timestamp = '2026-11-20T21:00:00.000Z';
  assert.deepEqual(events, [
    { id: ids[0], event: 'account.created', timestamp, data: told },
    ...[
      {
        id: ids[1],
        event: 'account.updated',
        timestamp,
        data: { account_id: account, changes: ['q'] },
      },
    ],
    ...[
      {
        id: ids[2],
        event: 'trade.created',
        timestamp: '2026-11-20T21:00:00.001Z',
        data: { number: 1 },
      },
    ],
  ]);
  assert.equal(new Set(ids).size, 3);
  for (const id of ids) assert.match(id, /^evt_[0-9a-f]{20}$/);
  assert.equal(has_more, false);
});

test('a firm without events gets a cursor, from which it goes on once there are some', async (t) => {
  const { database, partner, read } = await startFirm(t);
  const none = await read();
  assert.deepEqual([none.events, none.has_more], [[], false]);
  assert.deepEqual(await read(`after=${none.next}`), none);
  await raise(database, partner.id, someEvents(2));
  assert.deepEqual(numbersIn(await read(`after=${none.next}`)), [1, 2]);
  assert.deepEqual(numbersIn(await read()), [1, 2]);
});

test('pages follow one another without a gap, also when events happen meanwhile', async (t) => {
  const { database, partner, read } = await startFirm(t);
  await raise(database, partner.id, someEvents(25));
  const seen: unknown[] = [];
  const pages: [number, boolean][] = [];
  let after = '';
  for (let last = 25; pages.length < 5; last += 3) {
    const page = await read(`limit=10${after}`);
    seen.push(...numbersIn(page));
    pages.push([page.events.length, page.has_more]);
    after = `&after=${page.next}`;
    if (last < 31) await raise(database, partner.id, someEvents(3, last + 1));
  }
  assert.deepEqual(seen, numbers(1, 31));
  assert.deepEqual(pages, [
    [10, true],
    [10, true],
    [10, true],
    [1, false],
    [0, false],
  ]);
  const { next, events } = await read('limit=1000');
  assert.equal(events.length, 31);
  assert.equal(after, `&after=${next}`);
});

test('types selects events, and the cursor goes on behind those that were only looked at', async (t) => {
  const { database, partner, read, refusal } = await startFirm(t);
  await raise(database, partner.id, [
    ...someEvents(3, 1, 'account.created'),
    ...someEvents(3, 4, 'trade.deleted'),
    ...someEvents(3, 7, 'import.completed'),
  ]);
  const created = await read('types=account.created');
  assert.deepEqual([numbersIn(created), created.has_more], [[1, 2, 3], false]);
  assert.deepEqual((await read(`after=${created.next}`)).events, []);
  const two = await read('types=import.completed,account.created&limit=4');
  assert.deepEqual([numbersIn(two), two.has_more], [[1, 2, 3, 7], true]);
  const rest = await read(`types=import.completed,account.created&after=${two.next}`);
  assert.deepEqual([numbersIn(rest), rest.has_more], [[8, 9], false]);
  const none = await read('types=daily_summary');
  assert.deepEqual([none.events, none.has_more, none.next], [[], false, created.next]);
  assert.equal((await read(`types=${eventTypes.join(',')}`)).events.length, 9);
  for (const bad of ['', 'trade', 'trade.created,', 'trade.created,x', 'tradexcreated']) {
    const { status, code, details } = await refusal(`types=${bad}`);
    assert.deepEqual([status, code, details?.[0]?.path], [400, 'invalid_parameters', 'types'], bad);
  }
});

test('a request looks at no more than 10,000 events, and says that there are more', async (t) => {
  const { database, partner, read } = await startFirm(t);
  await raise(database, partner.id, someEvents(20_000));
  await raise(database, partner.id, someEvents(1, 20_001, 'account.created'));
  const first = await read('types=account.created');
  assert.deepEqual([first.events, first.has_more], [[], true]);
  assert.deepEqual(numbersIn(await read(`after=${first.next}&limit=1`)), [10_001]);
  const second = await read(`types=account.created&after=${first.next}`);
  assert.deepEqual([second.events, second.has_more], [[], true]);
  const third = await read(`types=account.created&after=${second.next}`);
  assert.deepEqual([numbersIn(third), third.has_more], [[20_001], false]);
});

test('a page ends early where its events are large', async (t) => {
  const { database, partner, read } = await startFirm(t);
  const large = { filling: 'x'.repeat(3 * 1024 * 1024) };
  const event = { type: 'daily_summary', accountId: null } as const;
  await raise(database, partner.id, [
    ...[1, 2].map((number) => ({ ...event, data: { number, accounts: [], ...large } })),
    { ...event, data: { number: 3, accounts: [], filling: 'x'.repeat(6 * 1024 * 1024) } },
    ...someEvents(2, 4),
  ]);
  const pages: unknown[][] = [];
  let after = '';
  for (let hasMore = true; hasMore; ) {
    const page = await read(after);
    pages.push(numbersIn(page));
    after = `after=${page.next}`;
    hasMore = page.has_more;
  }
  assert.deepEqual(pages, [[1], [2], [3], [4, 5]]);
});

test('of an account that is being erased, or is gone, events tell nothing', async (t) => {
  const { database, partner, read, change } = await startFirm(t);
  const [kept, erased, gone] = [
    await partner.newAccount(),
    await partner.newAccount(),
    'acc_00000000000000000000',
  ];
  const tells = (account_id: string) => ({ account_id, trades: 1, pnl: 2, win_rate: 100 });
  const accounts = [erased, kept, gone].map(tells);
  const totals = { trades: 3, pnl: 6 };
  await raise(database, partner.id, [
    ...[kept, erased, gone].map((accountId) => ({
      ...{ type: 'trade.created' as const, accountId, data: { account_id: accountId } },
    })),
    { type: 'daily_summary', accountId: null, data: { date: '2026-11-19', accounts, totals } },
    ...someEvents(1),
  ]);
  await change('update events set data = null where number = 5');
  const dataOf = async () => (await read()).events.map(({ data }) => data);
  const summaryOf = (...ids: string[]) => {
    const counted = { trades: ids.length, pnl: 2 * ids.length };
    return { date: '2026-11-19', accounts: ids.map(tells), totals: counted };
  };
  assert.deepEqual(await dataOf(), [
    ...[{ account_id: kept }, { account_id: erased }, null, summaryOf(erased, kept), null],
  ]);
  await change("update accounts set status = 'erased' where id = ?", erased);
  assert.deepEqual(await dataOf(), [{ account_id: kept }, null, null, summaryOf(kept), null]);
  await change("update accounts set status = 'closed' where id = ?", kept);
  assert.deepEqual(await dataOf(), [{ account_id: kept }, null, null, summaryOf(kept), null]);
});

test('a cursor is good while nothing after it was removed; an older one is a 410 with the oldest there is', async (t) => {
  const { database, partner, read, refusal, change } = await startFirm(t);
  await raise(database, partner.id, someEvents(10));
  const start = (await read('limit=1000&types=daily_summary')).next;
  const cursors: string[] = [];
  for (let number = 1, after = ''; number <= 10; number++) {
    const { next } = await read(`limit=1${after}`);
    cursors.push(next);
    after = `&after=${next}`;
  }
  assert.equal(start, cursors[9]);
  await change(
    'update outboxes set pruned_number = 4, pruned_id = (select id from events where number = 4)',
  );
  await change('delete from events where number <= 4');
  assert.deepEqual(numbersIn(await read()), numbers(5, 10));
  assert.deepEqual(numbersIn(await read(`after=${cursors[3]}`)), numbers(5, 10));
  assert.deepEqual(numbersIn(await read(`after=${cursors[6]}`)), numbers(8, 10));
  for (const gone of cursors.slice(0, 3)) {
    const { status, code, cursor } = await refusal(`after=${gone}`);
    assert.deepEqual([status, code, cursor], [410, 'cursor_gone', cursors[3]]);
  }
  assert.deepEqual(
    numbersIn(await read(`after=${(await refusal(`after=${cursors[0]}`)).cursor}`)),
    [...numbers(5, 10)],
  );
  await change(
    'update outboxes set pruned_number = 10, pruned_id = (select id from events where number = 10)',
  );
  await change('delete from events');
  assert.deepEqual(await read(`after=${cursors[9]}`), {
    ...{ events: [], next: cursors[9], has_more: false },
  });
  assert.equal((await read()).next, cursors[9]);
  assert.equal((await refusal(`after=${cursors[8]}`)).cursor, cursors[9]);
});

test('the cursor of a firm that had no events is gone once one that followed was removed', async (t) => {
  const { database, partner, read, refusal, change } = await startFirm(t);
  const { next } = await read();
  await raise(database, partner.id, someEvents(2));
  const first = (await read('limit=1')).next;
  await change(
    'update outboxes set pruned_number = 1, pruned_id = (select id from events where number = 1)',
  );
  await change('delete from events where number = 1');
  const { status, cursor } = await refusal(`after=${next}`);
  assert.deepEqual([status, cursor], [410, first]);
});

test('after a restore, cursors of what the backup does not have are a 410, whatever happened since', async (t) => {
  const { server, database, partner, read } = await startFirm(t);
  await raise(database, partner.id, someEvents(3));
  const kept = await read();
  const copy = path.join(path.dirname(database.path), 'copy.db');
  await database.handle.backup(copy);
  await raise(database, partner.id, someEvents(4, 4));
  const fourth = await read(`after=${kept.next}&limit=1`);
  const lost = await read();
  const restored = await openDatabase(copy);
  t.after(() => restored.close());
  await using other = await serveBeside({ ...server, database: { ...database, path: copy } });
  const { get } = api(other, partner.key);
  const ask = async (after: string) => {
    const { status, body } = await get<EventsAnswer & ErrorAnswer>(`events?after=${after}`);
    return status === 200 ? numbersIn(body) : [status, body.code, body.cursor];
  };
  const oldest = (await api(other, partner.key).get<EventsAnswer>('events?limit=1')).body;
  assert.deepEqual(numbersIn(oldest), [1]);
  const gone = await ask(lost.next);
  assert.deepEqual(gone.slice(0, 2), [410, 'cursor_gone']);
  assert.deepEqual(await ask(gone[2] as string), [1, 2, 3]);
  assert.deepEqual(await ask(kept.next), []);
  // The same number is now that of another event.
  await raise(restored, partner.id, someEvents(2, 100));
  assert.deepEqual(await ask(fourth.next), gone);
  assert.deepEqual(await ask(lost.next), gone);
  assert.deepEqual(await ask(kept.next), [100, 101]);
  // Nor is it the event that was removed last.
  await transact(restored, async (transaction) => {
    await raiseRevision(transaction, partner.id);
    restored.handle.exec(
      `update outboxes set pruned_number = 4, pruned_id = (select id from events where number = 4);
       delete from events where number <= 4`,
    );
  });
  const [status, code, now] = await ask(fourth.next);
  assert.deepEqual([status, code], [410, 'cursor_gone']);
  assert.deepEqual(await ask(now as string), [101]);
});

test('what is no cursor of events is a 400, and another firm’s cursor a 410', async (t) => {
  const { server, database, partner, read, refusal } = await startFirm(t);
  await raise(database, partner.id, someEvents(3));
  await partner.newAccount();
  await partner.newAccount();
  const { body: accounts } = await api(server, partner.key).get<{ next: string }>(
    'accounts?limit=1',
  );
  const { next } = await read();
  for (const bad of ['', '1', 'x', accounts.next, next.slice(1), `${next}=`, `${next}.`]) {
    const { status, code } = await refusal(`after=${bad}`);
    assert.deepEqual([status, code], [400, 'invalid_parameters'], bad);
  }
  const other = await makePartner(database);
  const { get } = api(server, other.key);
  const empty = await get<EventsAnswer>('events');
  const before = await get<ErrorAnswer>(`events?after=${next}`);
  assert.deepEqual([before.status, before.body.cursor], [410, empty.body.next]);
  await raise(database, other.id, someEvents(5, 50));
  const foreign = await get<ErrorAnswer>(`events?after=${next}`);
  assert.deepEqual([foreign.status, foreign.body.cursor], [410, empty.body.next]);
  assert.deepEqual(numbersIn((await get<EventsAnswer>('events')).body), numbers(50, 54));
  assert.deepEqual(numbersIn(await read()), [1, 2, 3]);
});

test('events need the scope webhooks:manage and a tier that has it, and the key in a header', async (t) => {
  const { server, partner } = await startFirm(t);
  const code = async (who: string | null, query = '') =>
    (await api(server, who).get<ErrorAnswer>(`events${query}`)).body.code;
  const key = await partner.newKey(['webhooks:manage']);
  assert.equal(await code(key), undefined);
  assert.equal(await code(await partner.newKey(['stats:read', 'trades:write'])), 'missing_scope');
  assert.equal(await code(await partner.newKey(['embed:read'])), 'missing_scope');
  assert.equal(await code(null, `?api_key=${key}`), 'missing_key');
  await partner.set({ tier: 'starter' });
  assert.equal(await code(key), 'tier_required');
});

test('events are read from their place on, and accounts looked up by their ids', async (t) => {
  const { database, partner } = await startFirm(t);
  const account = await partner.newAccount();
  await raise(
    database,
    partner.id,
    someEvents(50).map((event) => ({ ...event, accountId: account })),
  );
  const statements = await statementsOf(t, async () => {
    const page = await readEvents(
      database.read,
      partner.id,
      { number: 20, id: '' },
      ['trade.created'],
      10,
    );
    assert.equal(page.events.length, 10);
  });
  const steps = statements.flatMap((each) => planOf(database, each));
  for (const step of steps) assert.match(step, /^(SEARCH|SCAN named VIRTUAL TABLE)/);
  const ofEvents = steps.filter((step) => /\bevents\b/.test(step));
  assert.ok(ofEvents.length > 0);
  for (const step of ofEvents)
    assert.match(step, /^SEARCH events USING PRIMARY KEY \(partner_id=\? AND number>\?/);
  assert.ok(
    steps.includes(
      'SEARCH accounts USING INDEX sqlite_autoindex_accounts_1 (partner_id=? AND id=?)',
    ),
    steps.join('\n'),
  );
});
