import assert from 'node:assert/strict';
import { connect } from 'node:net';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { parse } from 'csv-parse/sync';
import type { Readers } from '../../server/threads/readers.ts';
import type { TradesAnswer } from '../../shared/answers/trades.ts';
import { day, minute } from '../../shared/time.ts';
import { tradeFields } from '../../shared/trades.ts';
import { api } from '../support/api.ts';
import { makePartner, type TestTrade, tradesOf } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';
import { signIn } from '../support/signed-in.ts';
import { readerThreads } from '../support/threads.ts';

/** A firm, on a server whose pages a test counts, and may do something before each. */
async function startFirm(t: TestContext) {
  const pages = { read: 0, before: async (_page: number) => {} };
  const readers: Readers = {
    ask: readerThreads.ask.bind(readerThreads),
    readHistory: async (...asked) => {
      pages.read++;
      await pages.before(pages.read);
      return readerThreads.readHistory(...asked);
    },
  };
  const server = await startTestServer(t, { readers });
  const partner = await makePartner(server.database, 'enterprise');
  const account = await partner.newAccount();
  const asked = api(server, partner.key);
  const exported = async (query = '') => {
    const { status, text } = await asked.get(`trades.csv?account_id=${account}${query}`);
    assert.equal(status, 200, text);
    return text;
  };
  const address = `/api/partner/trades.csv?account_id=${account}`;
  return { server, partner, account, asked, pages, exported, address };
}

/** The rows of a file, by the names of its columns. */
function rowsOf(text: string): Record<string, string>[] {
  return parse(text, { columns: true });
}

/** The ids of its trades, in order. */
function idsOf(text: string): string[] {
  return rowsOf(text).flatMap(({ id }) => (id === '' ? [] : [id!]));
}

const open = { exit_time: null, exit_price: null, pnl: null };

/** So many trades, all opened and closed at the same times. */
function manyTrades(count: number): TestTrade[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ id: `t${String(index).padStart(5, '0')}`, pnl: index },
    ...{ entry_time: testNow - day, exit_time: testNow - minute },
  }));
}

test('an export is a CSV file with a name, which is not cached, with a row for each trade and each attempt', async (t) => {
  const { partner, account, asked } = await startFirm(t);
  await partner.addTrades(account, [
    { id: 't1', entry_time: testNow - day, exit_time: testNow, pnl: '-12.5', commission: -1.25 },
    { id: 't2', entry_time: testNow - 1, ...open },
  ]);
  await asked.post(`accounts/${account}/reset`, { at: testNow - 1, starting_balance: 5e4 });
  const { status, headers, text } = await asked.get(`trades.csv?account_id=${account}`);
  assert.equal(status, 200);
  assert.equal(headers.get('content-type'), 'text/csv; charset=utf-8; header=present');
  assert.equal(headers.get('content-disposition'), `attachment; filename="trades-${account}.csv"`);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.equal(
    text,
    [
      `${tradeFields.join(',')},currency,attempt,attempt_started_at,starting_balance,max_drawdown`,
      't1,ES,,long,1,5000,5000,2026-11-19T21:00:00.000Z,2026-11-20T21:00:00.000Z,-12.5,-1.25,,,USD,1,,,',
      't2,ES,,long,1,5000,,2026-11-20T20:59:59.999Z,,,0,,,USD,2,2026-11-20T20:59:59.999Z,,',
      ',,,,,,,,,,,,,USD,1,,,',
      ',,,,,,,,,,,,,USD,2,2026-11-20T20:59:59.999Z,50000,',
      '',
    ].join('\r\n'),
  );
  const head = await asked.send('HEAD', `trades.csv?account_id=${account}&attempt=2`);
  assert.deepEqual([head.status, head.text], [200, '']);
  assert.match(head.headers.get('content-disposition')!, /"trades-acc_\w+-2\.csv"$/);
});

test('a text that a spreadsheet would run has one apostrophe before it, and a number has none', async (t) => {
  const { account, asked, exported } = await startFirm(t);
  const texts = ['=1+1', '+1', '-1', '@SUM(A1)', "'quoted", "=cmd|'/C calc'!A0", 'null', 'a=1'];
  for (const [index, symbol] of texts.entries()) {
    const { status } = await asked.post('trades', {
      ...{ account_id: account, external_id: `-${index}`, symbol, contract: symbol },
      ...{ direction: 'short', quantity: 1, entry_price: -37.63, exit_price: -1e-7, pnl: -0.0001 },
      ...{
        entry_time: testNow - 5,
        exit_time: testNow,
        setup_type: symbol,
        notes: `${symbol}\n=2`,
      },
    });
    assert.equal(status, 201);
  }
  const rows = rowsOf(await exported()).slice(0, texts.length);
  assert.deepEqual(
    rows.map(({ id, entry_price, exit_price, pnl }) => [id, entry_price, exit_price, pnl]),
    texts.map((_, index) => [`'-${index}`, '-37.63', '-1e-7', '-0.0001']),
  );
  const written = texts.map((text) => (text === 'a=1' ? text : `'${text}`));
  for (const column of ['symbol', 'contract', 'setup_type'])
    assert.deepEqual(
      rows.map((row) => row[column]),
      written,
    );
  assert.deepEqual(
    rows.map(({ notes }) => notes),
    // With a second line, `null` is a text like any other.
    written.map((text) => `${text === "'null" ? 'null' : text}\n=2`),
  );
});

test('an export selects trades as the list of trades does', async (t) => {
  const { server, partner, account, asked, exported } = await startFirm(t);
  const trades = Array.from({ length: 60 }, (_, index) => ({
    ...{ id: `t${index}`, symbol: ['ES', 'NQ'][index % 2]! },
    direction: (['long', 'short'] as const)[index % 3 && 1],
    entry_time: testNow - (60 - index) * day,
    ...(index % 5 === 0 ? open : { exit_time: testNow - (60 - index) * day + 5, pnl: index }),
  })) as TestTrade[];
  await partner.addTrades(account, trades);
  await asked.post(`accounts/${account}/reset`, { at: testNow - 20 * day });
  const days = { day_zone: 'America/Chicago', day_start: '17:00' };
  await api(server, await signIn(server, partner)).patch('settings', days);
  await server.tick();
  let selected = 0;
  for (const attempt of [1, 2]) {
    for (const more of [
      ...['', '&symbol=NQ', '&direction=short', '&symbol=ES&direction=long&period=30d'],
      ...['&period=7d', '&period=30d', '&period=90d', '&symbol=none'],
    ]) {
      for (const status of ['closed', 'open', 'all']) {
        const query = `&attempt=${attempt}&status=${status}${more}`;
        const period = more.includes('period') ? '' : '&period=all';
        const path = `trades?limit=100&account_id=${account}${query}${period}`;
        const listed = (await asked.get<TradesAnswer>(path)).body.trades.map(({ id }) => id);
        assert.deepEqual(idsOf(await exported(query)), listed.sort(), query);
        selected += listed.length;
      }
    }
  }
  assert.ok(selected > 300, `${selected} trades were selected`);
  assert.equal(idsOf(await exported()).length, 60);
  // The rows of attempts always come.
  assert.equal(rowsOf(await exported('&symbol=none')).length, 2);
});

test('pages neither repeat nor miss a trade of many with equal times, filtered or not', async (t) => {
  const { partner, account, pages, exported } = await startFirm(t);
  const trades = manyTrades(2_750);
  trades[2_300]!.symbol = 'NQ';
  await partner.addTrades(account, trades);
  assert.deepEqual(
    idsOf(await exported()),
    trades.map(({ id }) => id),
  );
  assert.ok(pages.read >= 11, `${pages.read} pages`);
  pages.read = 0;
  assert.deepEqual(idsOf(await exported('&symbol=NQ')), ['t02300']);
  // Most of the trades are passed over, in pages that give none.
  assert.ok(pages.read < 6, `${pages.read} pages`);
});

test('an account with many attempts is exported with all of them', async (t) => {
  const { server, partner, account, exported } = await startFirm(t);
  const { handle } = server.database;
  handle
    .prepare(
      `insert into attempts (partner_id, account_id, attempt, started_at, trade_count, wins, total_pnl)
       with recursive n (n) as (select 2 union all select n + 1 from n where n < 600)
       select ?, ?, n, n, 0, 0, 0 from n`,
    )
    .run(partner.id, account);
  const told = rowsOf(await exported()).map(({ attempt }) => attempt);
  assert.deepEqual(
    told,
    Array.from({ length: 600 }, (_, index) => String(index + 1)),
  );
});

test('whatever is changed while an export runs, a trade that is there throughout is in it once', async (t) => {
  const { partner, account, asked, pages, exported } = await startFirm(t);
  const trades = manyTrades(1_000).map((trade, index) =>
    index % 4 === 0 ? { ...trade, ...open } : trade,
  );
  await partner.addTrades(account, trades);
  const done = async (answer: Promise<{ status: number; text: string }>) => {
    const { status, text } = await answer;
    assert.ok(status < 300, text);
  };
  const deleted = new Set<string>();
  pages.before = async (page) => {
    if (page === 1) return;
    const some = trades.filter((_, index) => index % 9 === page % 9);
    const ids = some.map(({ id }) => id!).filter((id) => !deleted.has(id));
    // Closed, reopened, and moved to other times of entry: before and after all others.
    const change = ids.map((id, index) => ({
      ...{ account_id: account, id, entry_time: testNow - ((page + index) % 40) * day - 2 * day },
      ...(index % 2 === 0 ? { exit_time: testNow - 5, exit_price: 1, pnl: 1 } : open),
    }));
    await done(asked.patch('trades', { trades: change }));
    await done(asked.post(`accounts/${account}/reset`, { at: testNow - (20 - page) * day }));
    const gone = ids.slice(0, 3);
    for (const id of gone) deleted.add(id);
    const path = `trades/delete`;
    await done(asked.post(path, { trades: gone.map((id) => ({ account_id: account, id })) }));
    await partner.addTrades(account, [{ ...trades[1]!, id: `a${page}` }]);
  };
  const text = await exported();
  const ids = idsOf(text).filter((id) => id.startsWith('t'));
  assert.ok(pages.read >= 5 && deleted.size >= 9);
  assert.equal(new Set(ids).size, ids.length, 'a trade is in it twice');
  const found = new Set(ids);
  const missing = trades.filter(({ id }) => !found.has(id!) && !deleted.has(id!));
  assert.deepEqual(missing, []);
  // Every attempt that a trade names is described.
  const rows = rowsOf(text);
  const described = new Set(rows.flatMap(({ id, attempt }) => (id === '' ? [attempt] : [])));
  for (const { attempt } of rows) assert.ok(described.has(attempt), attempt);
  assert.ok(described.size >= 4);
});

/** Asks for an export on a connection of its own, of which nothing is read. */
function askSilently(server: { address: string }, path: string, key: string) {
  const socket = connect(Number(new URL(server.address).port), '127.0.0.1');
  socket.on('error', () => {});
  socket.pause();
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nX-API-Key: ${key}\r\nConnection: close\r\n\r\n`);
  return socket;
}

/** Adds trades with long notes, many more than the buffers of a connection take. */
function addLongTrades({ server, partner, account }: Awaited<ReturnType<typeof startFirm>>) {
  server.database.handle
    .prepare(
      `insert into trades (partner_id, account_id, id, attempt, symbol, direction, quantity,
         entry_price, entry_time, commission, notes)
       with recursive n (n) as (select 1 union all select n + 1 from n where n < 12000)
       select ?, ?, 'n' || n, 1, 'ES', 'long', 1, 1, ${testNow - day}, 0, ? from n`,
    )
    .run(partner.id, account, 'x'.repeat(2_000));
}

/** Waits until no further page is read for a while. */
async function settled(pages: { read: number }): Promise<number> {
  for (let before = -1; before !== pages.read; await sleep(400)) before = pages.read;
  return pages.read;
}

test('a client that reads nothing is waited for, with no transaction open, and gets the rest once it reads', async (t) => {
  const firm = await startFirm(t);
  const { server, partner, address, pages } = firm;
  addLongTrades(firm);
  const socket = askSilently(server, address, partner.key);
  const read = await settled(pages);
  assert.ok(read > 1 && read < 500, `${read} pages were read`);
  const other = new SQLite(server.database.path);
  t.after(() => other.close());
  // An open transaction would keep the log from being emptied.
  assert.deepEqual(other.pragma('wal_checkpoint(truncate)'), [
    { busy: 0, log: 0, checkpointed: 0 },
  ]);
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  socket.resume();
  await new Promise((resolve) => socket.once('close', resolve));
  assert.ok(bytes > 24_000_000, `${bytes} bytes`);
  assert.ok(pages.read > 600, `${pages.read} pages`);
});

test('nothing more is read for a client that is gone', async (t) => {
  const firm = await startFirm(t);
  const { server, partner, address, pages } = firm;
  addLongTrades(firm);
  for (const leave of ['destroy', 'resetAndDestroy'] as const) {
    const socket = askSilently(server, address, partner.key);
    await settled(pages);
    socket[leave]();
    await sleep(100);
    const read = await settled(pages);
    await sleep(300);
    assert.equal(pages.read, read);
    assert.ok(read < 500, `${read} pages were read`);
    pages.read = 0;
  }
  assert.deepEqual(server.log, []);
});

test('nor are trades looked through for a client that is gone, where none matches', async (t) => {
  const firm = await startFirm(t);
  const { server, partner, address, pages } = firm;
  addLongTrades(firm);
  const socket = askSilently(server, `${address}&symbol=NQ`, partner.key);
  pages.before = async (page) => {
    if (page !== 3) return;
    socket.destroy();
    await sleep(100);
  };
  assert.equal(await settled(pages), 3);
  assert.deepEqual(server.log, []);
});

test('an account that is erased meanwhile, or a disk that fails, ends the response before its last chunk', async (t) => {
  const { server, partner, account, asked, pages, exported } = await startFirm(t);
  await partner.addTrades(account, manyTrades(600));
  for (const failing of [
    () => Promise.reject(new SQLite.SqliteError('disk I/O error', 'SQLITE_IOERR')),
    () => asked.delete(`accounts/${account}`),
  ]) {
    pages.read = 0;
    pages.before = async (page) => {
      if (page === 2) await failing();
    };
    await assert.rejects(exported(), { name: 'TypeError', message: 'terminated' });
  }
  const logged = new Set(server.log.map(({ problem }) => problem));
  assert.deepEqual([...logged], ['SqliteError: disk I/O error']);
});

test('a failure before the first byte is answered like every other', async (t) => {
  const { account, asked, pages } = await startFirm(t);
  pages.before = () => Promise.reject(new SQLite.SqliteError('locked', 'SQLITE_BUSY'));
  const { status, body } = await asked.get(`trades.csv?account_id=${account}`);
  assert.deepEqual([status, body.code], [503, 'storage_unavailable']);
});

test('an export is for callers with stats:read, by header or session, and a foreign account is like a made-up one', async (t) => {
  const { server, partner, account, address } = await startFirm(t);
  const other = await makePartner(server.database);
  const statusOf = async (path: string, who: string | Record<string, string> | null) =>
    (await api(server, who).get(path)).status;
  const path = `trades.csv?account_id=${account}`;
  assert.equal(await statusOf(path, await signIn(server, partner)), 200);
  assert.equal(await statusOf(path, await partner.newKey(['stats:read', 'embed:read'])), 200);
  assert.equal(await statusOf(path, await partner.newKey(['trades:write'])), 200);
  assert.equal(await statusOf(path, await partner.newKey(['stats:aggregate'])), 403);
  assert.equal(await statusOf(path, await partner.newKey(['embed:read'])), 403);
  assert.equal(await statusOf(path, null), 401);
  assert.equal(await statusOf(`${address}&api_key=${partner.key}`, null), 401);
  const { get } = api(server, other.key);
  const foreign = await get(path);
  const unknown = await get('trades.csv?account_id=acc_00000000000000000000');
  assert.equal(foreign.status, 404);
  assert.deepEqual([foreign.status, foreign.text], [unknown.status, unknown.text]);
  const own = api(server, partner.key);
  const noAttempt = await own.get(`${path}&attempt=2`);
  assert.deepEqual([noAttempt.status, noAttempt.text], [404, unknown.text]);
  for (const query of ['', `?account_id=${account}&status=x`, `?account_id=${account}&period=2d`])
    assert.equal(await statusOf(`trades.csv${query}`, partner.key), 400, query);
});

test('an account is exported by its external id, too', async (t) => {
  const { partner, asked } = await startFirm(t);
  const account = await partner.newAccount({ externalId: '7' });
  await partner.addTrades(account, tradesOf([5]));
  const { text } = await asked.get('trades.csv?account_id=ext:7');
  assert.deepEqual(idsOf(text), ['t0']);
});
