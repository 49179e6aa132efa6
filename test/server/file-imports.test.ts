import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkSums } from '../../server/store/check-sums.ts';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import type { ImportAnswer, importsAnswer } from '../../shared/answers/imports.ts';
import type { TradeDetails } from '../../shared/answers/trades.ts';
import { day, hour, minute } from '../../shared/time.ts';
import { api } from '../support/api.ts';
import { sendFile } from '../support/files.ts';
import { makePartner, plainCsv, type TestTrade, tradesOf } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

async function start(t: TestContext) {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const account = await partner.newAccount();
  const client = api(server, partner.key);
  const send = (trades: readonly TestTrade[], query: Readonly<Record<string, string>> = {}) =>
    sendFile(server, partner.key, { account_id: account, ...query }, plainCsv(trades));
  const idsIn = (accountId = account) => {
    const rows = server.database.handle
      .prepare('select id, exit_time from trades where account_id = ? order by id')
      .all(accountId) as { id: string; exit_time: number | null }[];
    return rows.map(({ id, exit_time }) => (exit_time === null ? `${id} open` : id));
  };
  const eventsOf = async (types = '') => {
    const { body } = await client.get<{ events: { event: string; data: object }[] }>(
      `events?limit=1000${types && `&types=${types}`}`,
    );
    return body.events;
  };
  return { ...server, partner, account, client, send, idsIn, eventsOf };
}

const three = tradesOf([10, -5, 20]);

test('a file sent by API is imported, and its record says all of it', async (t) => {
  const { send, account, client, partner } = await start(t);
  const sent = await send(three, { file_name: 'may.csv', timezone: 'America/Chicago' });
  assert.equal(sent.status, 201);
  const { id, created_at, finished_at, by, ...rest } = sent.body;
  assert.match(id, /^imp_/);
  assert.deepEqual([created_at, finished_at], [testNow, testNow]);
  assert.deepEqual([by.type, by.name], ['key', 'Test']);
  assert.deepEqual(
    { state: rest.state, part: rest.part, file: rest.file_name, sha256: rest.sha256 },
    {
      ...{ state: 'done', part: 1, file: 'may.csv' },
      sha256: createHash('sha256').update(plainCsv(three)).digest('hex'),
    },
  );
  assert.deepEqual(rest.options, {
    ...{ format: 'auto', timezone: 'America/Chicago', skip_bad: false, restore: false },
    events: 'auto',
  });
  assert.deepEqual([rest.format, rest.read, rest.added, rest.kept], ['csv', 3, 3, true]);
  assert.deepEqual(rest.account, { id: account, nickname: 'Apex 50K' });
  const stats = await client.get<{ stats: { totalPnl: number } }>(`stats?account_id=${account}`);
  assert.equal(stats.body.stats.totalPnl, 25);
  assert.deepEqual((await client.get(`imports/${id}`)).body, sent.body);
  const { refusals: _, changed_since: __, ...summary } = sent.body;
  const listed = await client.get<Listed>(`imports?account_id=${account}`);
  assert.deepEqual(listed.body, { imports: [summary], next: null });
  const other = await partner.newAccount();
  assert.deepEqual((await client.get<Listed>(`imports?account_id=${other}`)).body.imports, []);
});

type Listed = ReturnType<typeof importsAnswer.parse>;

test('a dry run says what a file would become, and keeps nothing', async (t) => {
  const { send, idsIn, client } = await start(t);
  const { status, body } = await send(three, { dry_run: 'true' });
  assert.deepEqual(
    [status, body.id, body.added, body.kept, body.dry_run],
    [200, null, 3, false, true],
  );
  assert.deepEqual(idsIn(), []);
  assert.deepEqual((await client.get<Listed>('imports')).body.imports, []);
});

test('a file with a bad row is refused whole with its line, or without it when asked', async (t) => {
  const { send, idsIn, client } = await start(t);
  const bad = [...three, { ...three[0]!, id: 'x', quantity: -1 }];
  const { status, body } = await (send(bad) as unknown as Promise<{
    status: number;
    body: ErrorAnswer;
  }>);
  assert.deepEqual([status, body.code], [400, 'rows_refused']);
  assert.equal(body.details?.[0]?.path, 'line 5');
  assert.deepEqual([body.import?.refused, body.import?.held_back], [1, 3]);
  assert.deepEqual([idsIn(), (await client.get<Listed>('imports')).body.imports], [[], []]);
  const kept = await send(bad, { skip_bad: 'true' });
  assert.deepEqual([kept.status, kept.body.added, kept.body.refusals.length], [201, 3, 1]);
});

test('a new account is made with a file by who may make accounts, and by nobody else', async (t) => {
  const { address, partner, client } = await start(t);
  const query = { nickname: 'From a file', starting_balance: '50000.5', external_id: 'A-7' };
  const weak = await partner.newKey(['trades:write']);
  const refused = await sendFile<ErrorAnswer>({ address }, weak, query, plainCsv(three));
  assert.deepEqual([refused.status, refused.body.code], [403, 'missing_scope']);
  const made = await sendFile({ address }, partner.key, query, plainCsv(three));
  assert.equal(made.status, 201);
  const { body } = await client.get<{ nickname: string; starting_balance: number }>(
    `accounts/${made.body.account!.id}`,
  );
  assert.deepEqual([body.nickname, body.starting_balance], ['From a file', 50000.5]);
  const again = await sendFile({ address }, partner.key, query, plainCsv(three));
  assert.deepEqual([again.body.account!.id, again.body.already_there], [made.body.account!.id, 3]);
});

test('what can’t be imported gets a clear answer', async (t) => {
  const { address, partner, account } = await start(t);
  const other = await makePartner((await start(t)).database);
  const ask = async (query: Record<string, string>, file: string, type?: string) => {
    const { status, body } = await sendFile<ErrorAnswer>(
      { address },
      partner.key,
      query,
      file,
      type,
    );
    return [status, body.code];
  };
  const csv = plainCsv(three);
  assert.deepEqual(await ask({ account_id: 'acc_nobody' }, csv), [404, 'not_found']);
  assert.deepEqual(await ask({}, csv), [400, 'import_refused']);
  assert.deepEqual(await ask({ account_id: account, nickname: 'x' }, csv), [400, 'import_refused']);
  assert.deepEqual(await ask({ account_id: account, timezone: 'Mars' }, csv), [
    400,
    'invalid_parameters',
  ]);
  assert.deepEqual(await ask({ account_id: account }, 'hello'), [400, 'unreadable_file']);
  assert.deepEqual(await ask({ account_id: account }, ''), [400, 'unreadable_file']);
  assert.deepEqual(await ask({ account_id: account }, csv, 'application/x-www-form-urlencoded'), [
    415,
    'unsupported_media_type',
  ]);
  assert.deepEqual(await ask({ account_id: account, currency: 'EUR' }, `${csv}\n`), [
    400,
    'import_refused',
  ]);
  assert.equal(other.id === partner.id, false);
});

test('an import is taken back: what it added is gone, what it closed is open, and no mark is left', async (t) => {
  const { send, client, idsIn, database, eventsOf } = await start(t);
  const open = {
    id: 'o',
    entry_time: testNow - 2 * hour,
    exit_time: null,
    pnl: null,
    commission: -1,
  };
  await send([open]);
  const closed = { ...open, exit_time: testNow - hour, pnl: 7, commission: -2 };
  const { body } = await send([closed, ...three]);
  assert.deepEqual([body.added, body.closed], [3, 1]);
  const before = (await eventsOf()).length;
  const undone = await client.delete<ImportAnswer>(`imports/${body.id}`);
  assert.equal(undone.status, 200);
  const { state, kept, undone: how } = undone.body;
  assert.deepEqual(
    [state, kept, how],
    [
      'undone',
      false,
      { ...{ reason: 'asked', force: false, at: testNow }, removed: 3, reopened: 1, confirmed: 0 },
    ],
  );
  assert.deepEqual(idsIn(), ['o open']);
  const trade = await client.get<{ commission: number; pnl: null }>(
    `trades/o?account_id=${body.account!.id}`,
  );
  assert.deepEqual([trade.body.commission, trade.body.pnl], [-1, null]);
  const events = (await eventsOf()).slice(before);
  assert.deepEqual(events.map(({ event }) => event).sort(), [
    'import.completed',
    'trade.deleted',
    'trade.deleted',
    'trade.deleted',
    'trade.updated',
  ]);
  assert.equal((events.at(-1)!.data as { undone: boolean }).undone, true);
  assert.deepEqual(checkSums(database.handle), []);
  // The same file, in whatever zone, comes in again without any `restore`.
  const again = await send([closed, ...three]);
  assert.deepEqual([again.body.added, again.body.closed], [3, 1]);
});

test('a trade that another import or the API has, too, stays when one of them is taken back', async (t) => {
  const { send, client, idsIn } = await start(t);
  const one = (await send(three)).body.id;
  const two = (
    await send(three.slice(1).map((trade, index) => ({ ...trade, id: `t${index + 1}` })))
  ).body.id;
  const account = (await client.get<ImportAnswer>(`imports/${one}`)).body.account!.id;
  const first = await client.delete<ImportAnswer>(`imports/${one}`);
  assert.deepEqual([first.body.undone!.removed, first.body.undone!.confirmed], [1, 2]);
  assert.deepEqual(idsIn(), ['t1', 't2']);
  const { body: stored } = await client.get<Record<string, unknown>>(
    `trades/t1?account_id=${account}`,
  );
  const { account_id, attempt: _, duration_minutes: __, id, ...fields } = stored;
  const confirmed = await client.post('trades', { account_id, external_id: id, ...fields });
  assert.equal(confirmed.status, 200);
  const second = await client.delete<ImportAnswer>(`imports/${two}`);
  assert.deepEqual([second.body.undone!.removed, second.body.undone!.confirmed], [1, 1]);
  assert.deepEqual(idsIn(), ['t1']);
});

test('a trade that was changed by API since is listed and kept, unless it is forced', async (t) => {
  const { send, client, account, idsIn } = await start(t);
  const open = { id: 'o', entry_time: testNow - 2 * hour, exit_time: null, pnl: null };
  const { id } = (await send([...three, open])).body;
  await client.patch(`trades/t0?account_id=${account}`, { notes: 'mine' });
  await client.patch(`trades/o?account_id=${account}`, {
    ...{ exit_time: testNow - hour, exit_price: 5001, pnl: 3 },
  });
  const undone = await client.delete<ImportAnswer>(`imports/${id}`);
  assert.deepEqual(undone.body.changed_since.sort(), ['o', 't0']);
  assert.deepEqual(idsIn(), ['o', 't0']);
  const forced = await client.delete<ImportAnswer>(`imports/${id}?force=true`);
  assert.deepEqual([forced.body.changed_since, forced.body.undone!.removed], [[], 4]);
  assert.deepEqual(idsIn(), []);
});

test('an import that is taken back by force again changes and tells nothing more', async (t) => {
  const { send, client, account, eventsOf } = await start(t);
  const { id } = (await send(three)).body;
  await client.patch(`trades/t0?account_id=${account}`, { notes: 'mine' });
  for (const force of [false, true]) await client.delete(`imports/${id}?force=${force}`);
  const before = (await eventsOf()).length;
  const { status, body } = await client.delete<ImportAnswer>(`imports/${id}?force=true`);
  assert.deepEqual([status, body.undone?.removed], [200, 3]);
  assert.equal((await eventsOf()).length, before);
});

test('force counts also while an import is being taken back', async (t) => {
  const { send, client, account, tick, idsIn } = await start(t);
  const { id } = (await send(many(6_000))).body;
  await client.patch(`trades/m1?account_id=${account}`, { notes: 'mine' });
  const first = await client.delete<ImportAnswer>(`imports/${id}`);
  const forced = await client.delete<ImportAnswer>(`imports/${id}?force=true`);
  assert.deepEqual([first.status, forced.status], [202, 202]);
  for (let rounds = 0; rounds < 100 && idsIn().length > 0; rounds++) {
    await tick();
    await sleep(50);
  }
  assert.deepEqual(idsIn(), []);
});

test('a client that sends a large file of no known format whole before it reads is told why', async (t) => {
  const { address, partner, account } = await start(t);
  const { hostname, port } = new URL(address);
  const body = Buffer.alloc(12 * 1024 * 1024, '\n%PDF-1.7 ');
  const socket = connect(Number(port), hostname);
  const head = [
    `POST /api/partner/imports?account_id=${account} HTTP/1.1`,
    ...[`Host: ${hostname}`, `X-API-Key: ${partner.key}`, 'Content-Type: text/csv'],
    ...[`Content-Length: ${body.length}`, 'Connection: close', '', ''],
  ].join('\r\n');
  socket.write(head);
  await new Promise((resolve) => socket.write(body, resolve));
  const answer = await text(socket);
  assert.match(answer, /^HTTP\/1.1 400 .*unreadable_file/s);
});

test('a trade that was corrected while open, closed by a file and opened again is closed by the file again', async (t) => {
  const { send, client, account, idsIn } = await start(t);
  const open = { id: 'o', entry_time: testNow - 2 * hour, exit_time: null, pnl: null };
  const closed = { ...open, exit_time: testNow - hour, pnl: 7 };
  await send([open]);
  await client.patch(`trades/o?account_id=${account}`, { quantity: 2 });
  for (const _ of [1, 2]) {
    const { body } = await send([closed]);
    assert.deepEqual([body.closed, idsIn()], [1, ['o']]);
    await client.delete(`imports/${body.id}`);
    assert.deepEqual(idsIn(), ['o open']);
  }
});

test('a trade that a file brought back is deleted again when that is taken back', async (t) => {
  const { send, client, account, idsIn } = await start(t);
  await send(three);
  await client.delete(`trades/t1?account_id=${account}`);
  const { body } = await send(three, { restore: 'true' });
  assert.deepEqual([body.added, idsIn()], [1, ['t0', 't1', 't2']]);
  await client.delete(`imports/${body.id}`);
  assert.deepEqual([(await send(three)).body.deleted, idsIn()], [1, ['t0', 't2']]);
  // Deleted once more by API after it came back, it stays deleted.
  await send(three, { restore: 'true' });
  assert.equal((await client.delete(`trades/t1?account_id=${account}`)).status, 200);
  assert.equal((await send(three)).body.deleted, 1);
});

test('milestones that led to nothing are reached again by the right file', async (t) => {
  const { send, client, clock, eventsOf } = await start(t);
  const ten = tradesOf(Array.from({ length: 10 }, (_, index) => (index % 2 ? 1 : -1)));
  const reached = async () =>
    (await eventsOf()).filter(({ event }) => event === 'milestone.reached').length;
  const { id } = (await send(ten)).body;
  assert.equal(await reached(), 1);
  await client.delete(`imports/${id}`);
  const again = ten.map((trade, index) => ({ ...trade, id: `r${index}` }));
  const one = (await send(again)).body.id;
  assert.equal(await reached(), 2);
  // Also where they came with another file first.
  clock.now += hour;
  const other = (await send(again)).body.id;
  await client.delete(`imports/${one}`);
  await client.delete(`imports/${other}`);
  await send(again);
  assert.equal(await reached(), 3);
});

test('a milestone that is reached by taking a file back is told', async (t) => {
  const { send, client, eventsOf } = await start(t);
  const reached = async () =>
    (await eventsOf())
      .filter(({ event }) => event === 'milestone.reached')
      .map(({ data }) => (data as { milestone: string }).milestone);
  const wins = tradesOf([400, 300, 200, 100, 50]);
  const [loss] = tradesOf([-500], wins[2]!.exit_time! + 1);
  const { id } = (await send([{ ...loss!, id: 'loss' }])).body;
  await send(wins.map((trade, index) => ({ ...trade, id: `w${index}` })));
  assert.deepEqual(await reached(), []);
  await client.delete(`imports/${id}`);
  assert.deepEqual(await reached(), ['total_pnl_1000', 'win_streak_5']);
});

test('each trade of up to a thousand is told when it goes, also one that a file has open and closed', async (t) => {
  const { send, client, account, idsIn, eventsOf } = await start(t);
  const closed = tradesOf(Array.from({ length: 600 }, () => 1));
  const rows = closed.flatMap((trade, index) => {
    const id = `t${index}`;
    const open = { ...trade, exit_time: null, exit_price: null, pnl: null };
    return [
      { ...open, id },
      { ...trade, id },
    ];
  });
  const { id } = (await send(rows)).body;
  assert.equal((await client.delete(`imports/${id}`)).status, 200);
  assert.deepEqual(idsIn(), []);
  assert.equal((await eventsOf('trade.deleted')).length, 600);
  const changed = (await send(rows)).body.id;
  for (const notes of ['one', 'other']) {
    const trades = closed.map((_, index) => ({ account_id: account, id: `t${index}`, notes }));
    const { status, text } = await client.patch('trades', { trades });
    assert.equal(status, 200, text);
  }
  await client.delete(`imports/${changed}`);
  assert.equal(idsIn().length, 600);
  await client.delete(`imports/${changed}?force=true`);
  assert.deepEqual(idsIn(), []);
  assert.equal((await eventsOf('trade.deleted')).length, 1_000);
});

test('a file that came in many times is gone once all of its imports are taken back', async (t) => {
  const { send, client, idsIn } = await start(t);
  const open = three.map((trade, index) => {
    return { ...trade, id: `t${index}`, exit_time: null, exit_price: null, pnl: null };
  });
  const rows = three.map((trade, index) => ({ ...trade, id: `t${index}` }));
  const ids: string[] = [];
  for (let times = 0; times < 12; times++) ids.push((await send([...open, ...rows])).body.id!);
  for (const [index, id] of ids.entries()) {
    assert.deepEqual(idsIn(), ['t0', 't1', 't2'], `before ${index}`);
    const { body } = await client.delete<ImportAnswer>(`imports/${id}`);
    const { removed, confirmed } = body.undone!;
    if (index === ids.length - 1) assert.deepEqual([removed, confirmed], [3, 0]);
    else assert.ok(confirmed === 0 || confirmed === 3, `${confirmed} confirmed`);
  }
  assert.deepEqual(idsIn(), []);
});

test('a trade that was told is told when it goes with another file that has it, told or not', async (t) => {
  const { send, client, idsIn, eventsOf } = await start(t);
  const one = (await send(three)).body.id;
  const other = (await send(three, { events: 'none' })).body.id;
  await client.delete(`imports/${one}`);
  assert.deepEqual(idsIn(), ['t0', 't1', 't2']);
  await client.delete(`imports/${other}`);
  assert.deepEqual(idsIn(), []);
  assert.equal((await eventsOf('trade.deleted')).length, 3);
});

test('of a trade that is still open in another file, only the exit is taken back', async (t) => {
  const { send, client, account, idsIn, eventsOf } = await start(t);
  const [trade] = tradesOf([7]);
  const open = { ...trade!, id: 'x', exit_time: null, exit_price: null, pnl: null };
  const wrong = (await send([{ ...trade!, id: 'x', commission: -4 }])).body.id;
  await send([{ ...open, commission: -1 }]);
  await client.delete(`imports/${wrong}`);
  assert.deepEqual(idsIn(), ['x open']);
  assert.equal((await eventsOf('trade.updated')).length, 1);
  const found = await client.get<TradeDetails>(`trades/x?account_id=${account}`);
  assert.equal(found.body.commission, -1);
  const right = await send([{ ...trade!, id: 'x', pnl: 9 }]);
  assert.deepEqual([right.status, right.body.closed], [201, 1]);
});

test('a trade that is put by API as it is stays, and one that is patched to what it is doesn’t', async (t) => {
  const { send, client, account, idsIn } = await start(t);
  const { id } = (await send(three)).body;
  const path = (trade: string) => `trades/${trade}?account_id=${account}`;
  const { body } = await client.get<TradeDetails>(path('t0'));
  const { symbol, direction, quantity, entry_price, exit_price, entry_time, exit_time, pnl } = body;
  const entry = { symbol, direction, quantity, entry_price, entry_time };
  const put = await client.put(path('t0'), { ...entry, exit_price, exit_time, pnl });
  assert.equal(put.status, 200, put.text);
  assert.equal((await client.patch(path('t1'), { symbol })).status, 200);
  await client.delete(`imports/${id}`);
  assert.deepEqual(idsIn(), ['t0']);
});

test('a record says nothing of another account once that is erased', async (t) => {
  const { send, partner, client, database, tick } = await start(t);
  const other = await partner.newAccount({ nickname: 'Zebulon' });
  await send(three, { account_id: other });
  const { same_file_in } = (await send(three)).body;
  assert.equal(same_file_in?.nickname, 'Zebulon');
  await client.delete(`accounts/${other}`);
  const left = database.handle.prepare('select 1 from accounts where id = ?');
  for (; left.get(other); await sleep(20)) await tick();
  const kept = database.handle.prepare("select 1 from imports where report like '%Zebulon%'");
  assert.deepEqual(kept.all(), []);
});

test('the same file into another account is answered with a warning that names the first', async (t) => {
  const { send, partner, client, account } = await start(t);
  const one = (await send(three)).body;
  assert.equal(one.same_file_in, null);
  const other = await partner.newAccount({ nickname: 'Other' });
  const wrong = await send(three, { account_id: other });
  assert.deepEqual(wrong.body.same_file_in, {
    ...{ import_id: one.id, account_id: account, nickname: 'Apex 50K' },
  });
  await client.delete(`imports/${one.id}`);
  assert.equal((await send(three, { account_id: other })).body.same_file_in, null);
});

/** A trade for each minute of many days. */
function many(count: number, change: Partial<TestTrade> = {}): TestTrade[] {
  return Array.from({ length: count }, (_, index) => {
    const exit = testNow - 40 * day + index * 5 * minute;
    return {
      id: `m${index}`,
      entry_time: exit - minute,
      exit_time: exit,
      pnl: (index % 7) - 3,
      ...change,
    };
  });
}

test('a large file is kept in parts, and taken back in parts', async (t) => {
  const { send, client, database, tick, eventsOf } = await start(t);
  const sent = await send(many(7_000));
  assert.deepEqual([sent.status, sent.body.added, sent.body.part], [201, 7_000, 1]);
  assert.deepEqual(checkSums(database.handle), []);
  const kinds = (await eventsOf()).map(({ event }) => event);
  assert.equal(kinds.filter((kind) => kind === 'trade.created').length, 0);
  assert.equal(kinds.filter((kind) => kind === 'import.completed').length, 1);
  const again = await send(many(7_000));
  assert.deepEqual([again.body.added, again.body.already_there], [0, 7_000]);
  await client.delete(`imports/${again.body.id}`);
  const undone = await client.delete<ImportAnswer>(`imports/${sent.body.id}`);
  assert.deepEqual([undone.status, undone.body.state], [202, 'undoing']);
  for (let rounds = 0; rounds < 50; rounds++) {
    await tick();
    const { body } = await client.get<ImportAnswer>(`imports/${sent.body.id}`);
    if (body.state === 'undone') break;
    await sleep(100);
  }
  const { body } = await client.get<ImportAnswer>(`imports/${sent.body.id}`);
  assert.deepEqual([body.state, body.undone!.removed], ['undone', 7_000]);
  assert.deepEqual(checkSums(database.handle), []);
  const last = (await eventsOf()).at(-1)!;
  assert.deepEqual(
    [last.event, (last.data as { removed: number }).removed],
    ['import.completed', 7_000],
  );
});

test('a large file with a bad row at its end keeps nothing', async (t) => {
  const { send, idsIn, client } = await start(t);
  await send([{ id: 'm6999', entry_time: testNow - day, exit_time: testNow - hour, pnl: 1 }]);
  const { status, body } = (await send(many(7_000))) as unknown as {
    status: number;
    body: ErrorAnswer;
  };
  assert.deepEqual([status, body.code, body.import?.refused], [400, 'rows_refused', 1]);
  assert.deepEqual(
    [idsIn(), (await client.get<Listed>('imports')).body.imports.length],
    [['m6999'], 1],
  );
  const kept = await send(many(7_000), { skip_bad: 'true' });
  assert.deepEqual([kept.status, kept.body.added, kept.body.refused], [201, 6_999, 1]);
});
