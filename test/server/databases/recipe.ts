import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import SQLite from 'better-sqlite3';
import { openDatabase, transact } from '../../../server/store/database.ts';
import type { AccountsAnswer } from '../../../shared/answers/accounts.ts';
import { hour, minute } from '../../../shared/time.ts';
import { lineOf } from '../../support/command.ts';
import { testSecret } from '../../support/threads.ts';

/** The command line of a version, on one database. */
export interface Program {
  /** Runs a command to its end; returns the JSON that it prints. */
  run<Printed>(...args: string[]): Promise<Printed>;
  /** Runs a server at the address that it passes to `work`, until `work` has ended. */
  serve<Result>(work: (address: string) => Promise<Result>): Promise<Result>;
}

const execute = promisify(execFile);

/** `main` is the script that starts the version. */
export function programOf(main: string, database: string): Program {
  const environment = { PROPTALLY_DB: database, PROPTALLY_SECRET: testSecret };
  const options = { env: { ...process.env, ...environment } };
  return {
    async run(...args) {
      const { stdout } = await execute(process.execPath, [main, ...args, '--json'], options);
      return JSON.parse(stdout);
    },
    async serve(work) {
      const server = spawn(process.execPath, [main, 'serve', '--port', '0'], options);
      const ended = once(server, 'exit');
      try {
        return await work(await lineOf(server, /(http:\S+)/));
      } finally {
        server.kill();
        await ended;
      }
    },
  };
}

/** A partner and its key. */
export interface Firm {
  partner: string;
  key: string;
}

/** Makes what every version can make: a partner, a key, and accounts with trades. */
export async function fill(program: Program, database: string): Promise<Firm> {
  const { run } = program;
  const made = await run<{ partner: { id: string } }>(
    ...['partner', 'create', '--name', 'Summit Funded', '--email', 'Ops@Summit.example'],
    ...['--tier', 'growth'],
  );
  const partner = made.partner.id;
  const { key } = await run<{ key: string }>('key', 'create', '--partner', partner);
  const add = async (trades: string, ...into: string[]) => {
    const report = await importText(program, trades, '--partner', partner, ...into);
    return report.account.id;
  };
  await add(
    statement([5, -2, 0, 7, -1, 3, 4, -9], 17) + openTrade,
    ...['--new-account', 'Apex', '--firm', 'apex', '--balance', '50000'],
  );
  await add(statement([8, -8.25, 0.0001], 29), '--new-account', 'Other');
  await add(statement([1, 2, 3], 5), '--new-account', 'Euros', '--currency', 'EUR');

  // No command starts an attempt.
  const yen = await add(statement([9, -9, 9], 11), '--new-account', 'Yen', '--currency', 'JPY');
  startAttempt(database, yen);
  await add(statement([4, -4], 3, ['again0', 'again1']), '--account', yen);
  await moveToAttempt(database, yen, ['again0', 'again1']);

  // Trades with the same times, which are ordered by their accounts' ids.
  const pounds = ['--new-account', 'Pounds', '--currency', 'GBP'];
  const accounts = [await add(statement([], 0), ...pounds), await add(statement([], 0), ...pounds)];
  const [first = '', second = ''] = accounts.sort();
  await add(statement([-5, -5], 0, ['a', 'c']), '--account', second);
  await add(statement([7, 7], 0, ['b', 'd']), '--account', first);
  return { partner, key };
}

const columns =
  'id,symbol,contract,direction,quantity,entry_price,exit_price,entry_time,exit_time,pnl,commission,setup_type';
const start = Date.UTC(2025, 1, 28, 14, 30);

/** A plain CSV of closed trades with these results. */
function statement(pnls: number[], hoursApart: number, ids?: string[]): string {
  const rows = pnls.map((pnl, index) => {
    const exit = start + (index + 1) * hoursApart * hour;
    return [
      ids?.[index] ?? `t${index}`,
      ...(index % 3 === 2 ? ['MES', 'MESH5'] : [index % 2 ? 'NQ' : 'ES', '']),
      index % 2 ? 'short' : 'long',
      1 + (index % 2) / 2,
      ...[5000.25, 5001 + index],
      ...[exit - 25 * minute, exit],
      ...[pnl, -0.5, index % 2 ? 'breakout' : ''],
    ].join(',');
  });
  return [columns, ...rows, ''].join('\n');
}

const openTrade = `open,ES,,long,1,5000,,${start},,,,`;

async function importText({ run }: Program, text: string, ...args: string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'proptally-test-'));
  const file = path.join(folder, 'trades.csv');
  try {
    writeFileSync(file, text);
    return await run<{ account: { id: string } }>('import', file, ...args, '--timezone', 'UTC');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Starts the second attempt of an account. */
function startAttempt(file: string, account: string): void {
  const database = new SQLite(file);
  database.exec(`
    insert into attempts (partner_id, account_id, attempt, started_at, trade_count, total_pnl)
      select partner_id, account_id, 2, started_at, 0, 0 from attempts
      where account_id = '${account}';
    update accounts set attempt = 2 where id = '${account}'`);
  database.close();
}

/**
 * Moves trades to the second attempt. Earlier versions imported into the current attempt whatever the
 * file had, and their databases have these trades in it.
 */
async function moveToAttempt(
  file: string,
  account: string,
  ids: readonly [string, string],
): Promise<void> {
  const database = await openDatabase(file);
  await transact(database, async () => {
    database.handle
      .prepare('update trades set attempt = 2 where account_id = ? and id in (?, ?)')
      .run(account, ...ids);
  });
  await database.close();
}

const widgets = [
  'stats-card',
  'performance-summary',
  'equity-curve',
  'leaderboard',
  'trade-heatmap',
  'instrument-breakdown',
  'drawdown-gauge',
  'win-streak',
  'risk-metrics',
  'recent-trades',
];

/** The API's answers about the firm's trades, by question, with nicknames in place of account ids. */
export async function figuresOf(address: string, key: string): Promise<Record<string, unknown>> {
  const ask = async (question: string) => {
    const headers = { 'X-API-Key': key };
    const response = await fetch(`${address}/api/partner/${question}`, { headers });
    // These differ even when the trades are the same.
    const { revision, branding, ...answer } = await response.json();
    return answer;
  };
  const { accounts } = (await ask('accounts')) as AccountsAnswer;
  const ids = accounts.map(({ id }) => id).sort();
  const whose = [
    ...['USD', 'EUR', 'JPY', 'GBP'].map((currency) => `currency=${currency}`),
    ...ids.map((id) => `account_id=${id}`),
  ];
  const questions = [
    ...ids.map((id) => `trades?account_id=${id}&status=all&period=all`),
    ...whose.flatMap((one) => [
      `stats?period=all&${one}`,
      `widgets/monthly-calendar?month=2025-03&${one}`,
      ...widgets.map((name) => `widgets/${name}?period=all&limit=25&${one}`),
    ]),
  ];
  const figures: Record<string, unknown> = {
    accounts: Object.fromEntries(accounts.map((account) => [account.id, account])),
  };
  for (const question of questions) figures[question] = await ask(question);
  const nicknameOf = (id: string) => accounts.find((account) => account.id === id)!.nickname;
  let text = JSON.stringify(figures);
  for (const id of ids) {
    const alike = ids.filter((other) => nicknameOf(other) === nicknameOf(id));
    text = text.replaceAll(id, `${nicknameOf(id)} ${alike.indexOf(id) + 1}`);
  }
  return JSON.parse(text);
}
