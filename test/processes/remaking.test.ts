import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import type { Difference } from '../../server/store/check-sums.ts';
import { openDatabase } from '../../server/store/database.ts';
import { day, hour, second } from '../../shared/time.ts';
import { type CommandLine, commandLine } from '../support/command.ts';
import { serve } from '../support/firm.ts';
import { makePartner, type TestPartner, type TestTrade } from '../support/partner.ts';
import { testNow } from '../support/server.ts';

const chicago = ['--day-zone', 'America/Chicago', '--day-start', '17:00'];

/** So much that making the sums anew takes many steps. */
const many = { accounts: 12, days: 200, ofLongDay: 3_000 };

/** Trades on both sides of 17:00 in Chicago on each of so many days. */
function tradesOf(account: number, days: number): TestTrade[] {
  return Array.from({ length: 2 * days }, (_, number) => {
    const exit = testNow - Math.floor(number / 2) * day + (number % 2 ? 1.5 : 3) * hour;
    return tradeAt(exit, `t${account}-${number}`, number - days);
  });
}

function tradeAt(exit: number, id: string, pnl: number): TestTrade {
  return { id, entry_time: exit - hour, exit_time: exit, pnl };
}

/** So many trades on one day. */
function longDay(count: number): TestTrade[] {
  return Array.from({ length: count }, (_, number) =>
    tradeAt(testNow - 20 * day + number * 20 * second, `long-${number}`, (number % 7) - 3),
  );
}

async function fill(t: TestContext, { accounts, days, ofLongDay } = many) {
  const cli = commandLine(t);
  const database = await openDatabase(path.join(cli.folder, 'test.db'));
  t.after(() => database.close());
  const partner = await makePartner(database);
  const ids: string[] = [];
  for (let account = 0; account < accounts; account++) {
    const id = await partner.newAccount({ nickname: `Account ${account}` });
    await partner.addTrades(id, tradesOf(account, days));
    ids.push(id);
  }
  await partner.addTrades(ids[0]!, longDay(ofLongDay));
  return { cli, database, partner, ids };
}

/** The zone that is in force, and whether another is coming. */
function stateOf({ folder }: CommandLine): { zone: string; isChanging: boolean } {
  const handle = new SQLite(path.join(folder, 'test.db'), { readonly: true });
  try {
    const pluck = <Value>(text: string) => handle.prepare<[], Value>(text).pluck().get();
    return {
      zone: pluck<string>('select day_zone from partners')!,
      isChanging: pluck('select 1 from remakings') !== undefined,
    };
  } finally {
    handle.close();
  }
}

/** Adds a trade to each account in turn, on days all over the history, until it is told to stop. */
function writeOn(partner: TestPartner, ids: readonly string[]) {
  let isOver = false;
  let written = 0;
  const writing = (async () => {
    while (!isOver) {
      const exit = testNow - ((written * 37) % many.days) * day + 2 * hour;
      const trade = tradeAt(exit, `w${written}`, 5);
      await partner.addTrades(ids[written % ids.length]!, [trade]);
      written++;
      await sleep(5);
    }
    return written;
  })();
  return () => {
    isOver = true;
    return writing;
  };
}

async function assertRight({ json }: CommandLine): Promise<void> {
  assert.deepEqual(await json('doctor', '--sums'), { differences: [], left: [] });
}

test('killed at any moment while sums are made for another day, with writes going on, it goes on where it was', async (t) => {
  const { cli, partner, ids } = await fill(t);
  const stop = writeOn(partner, ids);
  for (const after of [50, 200, 500, null]) {
    const setting = cli.start('partner', 'set', partner.id, ...chicago);
    const ended = once(setting, 'exit');
    if (after !== null) {
      while (!stateOf(cli).isChanging) await sleep(2);
      await sleep(after);
      assert.deepEqual(stateOf(cli), { zone: 'UTC', isChanging: true });
      setting.kill('SIGKILL');
    }
    const [code] = await ended;
    assert.equal(code, after === null ? 0 : null);
    await assertRight(cli);
  }
  assert.ok((await stop()) > 0);
  assert.deepEqual(stateOf(cli), { zone: 'America/Chicago', isChanging: false });
  await assertRight(cli);
});

test('a server and a command that make the same sums at once come to the right ones', async (t) => {
  const { cli, partner, ids } = await fill(t);
  const server = await serve(cli);
  const stop = writeOn(partner, ids);
  const commands = [0, 1].map(() => cli.run('partner', 'set', partner.id, ...chicago));
  for (const { code, stderr } of await Promise.all(commands))
    assert.deepEqual([code, stderr], [0, '']);
  await stop();
  assert.equal(stateOf(cli).zone, 'America/Chicago');
  await server.end();
  await assertRight(cli);
});

test('doctor finds sums that are not as the trades are, and mends them', async (t) => {
  const { cli, database, partner } = await fill(t, { accounts: 2, days: 20, ofLongDay: 1_000 });
  await assertRight(cli);
  const spoiled: string[] = [];
  const spoil = (text: string) => database.handle.exec(text);
  for (const [table, text] of Object.entries({
    account_days: 'update account_days set best = best + 1 where the_last',
    account_symbol_days: 'delete from account_symbol_days where the_last',
    partner_symbol_days:
      'update partner_symbol_days set gross_loss = gross_loss - 1 where the_last',
    partner_hour_days: 'update partner_hour_days set wins = wins + 1 where the_last',
    partner_days: 'update partner_days set fall = fall + 1 where the_last',
    partner_pieces: 'update partner_pieces set high = high + 1 where the_last',
    account_pieces: "update account_pieces set recent = 'W'",
    trade_counts:
      'insert into trade_counts select partner_id, account_id, attempt, 0, 1, 1 from attempts',
    attempts: 'update attempts set total_pnl = total_pnl + 1',
    partner_extents: 'update partner_extents set duration = duration + 1',
  })) {
    const last = 'day = (select max(day) from account_days)';
    const isLast =
      table === 'partner_pieces' ? 'exit_time = (select max(exit_time) from partner_pieces)' : last;
    spoil(text.replace('the_last', isLast));
    const found = await cli.run('doctor', '--sums', '--json');
    assert.equal(found.code, 1);
    const { differences } = JSON.parse(found.stdout) as { differences: Difference[] };
    spoiled.push(table);
    assert.deepEqual(new Set(differences.map((each) => each.table)), new Set(spoiled));
    assert.ok(differences.every((each) => each.partner === partner.id));
  }
  const mended = await cli.run('doctor', '--sums', '--mend');
  assert.equal(mended.code, 0, mended.stdout + mended.stderr);
  assert.match(mended.stdout, /made anew, and now are as the trades are/);
  await assertRight(cli);
});

test('doctor notices and mends what a trade deleted by other programs leaves, and makes no database', async (t) => {
  const { cli, partner, ids } = await fill(t, { accounts: 1, days: 2, ofLongDay: 0 });
  const other = new SQLite(path.join(cli.folder, 'test.db'));
  t.after(() => other.close());
  other.prepare('delete from trades where account_id = ? and id = ?').run(ids[0], 't0-3');
  const found = await cli.run('doctor', '--sums');
  assert.equal(found.code, 1);
  assert.match(found.stdout, new RegExp(`^${partner.id}: 1 row of attempts differs$`, 'm'));
  assert.equal((await cli.run('doctor', '--sums', '--mend')).code, 0);
  await assertRight(cli);
  const server = await serve(cli);
  t.after(() => server.end());
  const response = await fetch(`${server.address}/api/partner/stats?period=all`, {
    headers: { 'X-API-Key': partner.key },
  });
  const { stats } = (await response.json()) as { stats: { tradeCount: number; totalPnl: number } };
  assert.deepEqual([stats.tradeCount, stats.totalPnl], [3, -3]);

  const missing = await cli.run('doctor', '--sums', '--db', 'none.db');
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /There is no database none\.db/);
  assert.equal(existsSync(path.join(cli.folder, 'none.db')), false);
});
