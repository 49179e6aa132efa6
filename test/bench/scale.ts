import { randomUUID } from 'node:crypto';
import { constants, copyFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, openDatabase } from '../../server/store/database.ts';
import { importTrades, makePartner, type TestTrade } from '../support/partner.ts';
import { testNow } from '../support/server.ts';
import { ask } from './ask.ts';
import { type Child, startChild, withChildren } from './child.ts';
import { atMost, type Figure, progress } from './figure.ts';
import {
  dataFolder,
  type Filled,
  fill,
  type Size,
  sizeNames,
  sizes,
  weekdays,
} from './scale-data.ts';
import { type Growth, type Question, questions, rankingWith } from './scale-questions.ts';
import { figuresOf, type Result, type Row, timeOf, writeRows } from './scale-results.ts';
import { lastDay, makeTrade } from './trades.ts';

const most = { firstAnswer: 1_000, memory: 300 };
const turns = { ofQuestions: 9, ofOthers: 3 };
const rankingsAtOnce = 50;
const importedDays = 250;

interface Side extends Filled {
  size: Size;
  /** The key of another partner, with one account and few trades. */
  otherKey: string;
  database: Database;
  server: Child;
  address: string;
}

/** What is asked after a change. */
interface Case {
  what: string;
  growth: Growth;
  turns: number;
  /** Whether the partner of this size has the account that it is about. */
  isOf(size: Size): boolean;
  change(side: Side): Promise<void>;
  ask(side: Side): Promise<unknown>;
  /** Whether another partner goes on asking meanwhile. */
  isBesideAnother?: boolean;
}

const afterImport: Case = {
  what: `/widgets/equity-curve after an import on ${importedDays} days`,
  growth: 'nothing',
  turns: turns.ofOthers,
  isOf: () => true,
  change: (side) =>
    add(
      side,
      traderOf(side),
      weekdays.slice(-importedDays).map((day, number) => makeTrade(number, day, 0, 2)),
    ),
  ask: (side) => askOf(side, '/widgets/equity-curve?period=all'),
  isBesideAnother: true,
};

const rankingsTogether: Case = {
  what: `${rankingsAtOnce} times leaderboard 1y at once`,
  growth: 'accounts',
  turns: turns.ofOthers,
  isOf: () => true,
  change: addTrade,
  ask: (side) =>
    Promise.all(
      Array.from({ length: rankingsAtOnce }, (_, number) => askOf(side, rankingWith(number + 1))),
    ),
  isBesideAnother: true,
};

const cases: readonly Case[] = [...questions.map(caseOf), rankingsTogether, afterImport];

/**
 * Compares every question after a new trade of a partner with many trades, and of one with many
 * accounts, with the same of one with few, and tells how long their servers' event loops are held.
 */
export async function measureScale(): Promise<Figure[]> {
  const kept = {} as Record<Size, Filled>;
  for (const size of sizeNames) kept[size] = await fill(size);
  const folder = path.join(dataFolder, 'copies');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  try {
    const copies = {} as Record<Size, Filled>;
    for (const size of sizeNames) copies[size] = await copy(kept[size], folder);
    const rows = await withSides(copies, measureCases);
    const memory = await withSides(copies, measureMemory);
    console.log(`\n${writeRows(rows)}`);
    return [...figuresOf(rows), ...firstAnswers(rows), ...memory];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Copies a database, so that the kept one stays as it was filled. */
async function copy(kept: Filled, folder: string): Promise<Filled> {
  progress(`scale: copying ${kept.file}`);
  // Brings its schema up to date if it is an older version's, which takes long for each copy.
  await (await openDatabase(kept.file)).close();
  const file = path.join(folder, path.basename(kept.file));
  copyFileSync(kept.file, file, constants.COPYFILE_FICLONE);
  return { ...kept, file };
}

/** Sets the clock of a process to the present of the tests, when the last of the trades are. */
const clock = `const { now } = Date; const shift = ${testNow} - now(); Date.now = () => now() + shift;`;
const nodeOptions = ['--import', `data:text/javascript,${encodeURIComponent(clock)}`];

/** Runs `work` with a new server of each database. */
function withSides<Value>(
  filled: Record<Size, Filled>,
  work: (sides: readonly Side[]) => Promise<Value>,
): Promise<Value> {
  const start = (size: Size) => startChild('served.ts', [filled[size].file], nodeOptions);
  const children = { small: start('small'), large: start('large'), wide: start('wide') };
  return withChildren(children, async (servers) => {
    const sides: Side[] = [];
    try {
      for (const size of sizeNames) {
        const server = servers[size];
        const address = await server.ask<string>('address');
        const database = await openDatabase(filled[size].file);
        const otherKey = await makeOther(database);
        sides.push({ ...filled[size], size, otherKey, server, address, database });
      }
      return await work(sides);
    } finally {
      for (const { database } of sides) await database.close();
    }
  });
}

async function makeOther(database: Database): Promise<string> {
  const other = await makePartner(database, 'enterprise', `${randomUUID()}@example.com`);
  const trades = weekdays.slice(-100).map((day, number) => makeTrade(number, day, 0, 2));
  await other.addTrades(await other.newAccount(), trades);
  return other.key;
}

function caseOf(question: Question): Case {
  const { what, growth, ofTrades } = question;
  return {
    what,
    growth,
    turns: turns.ofQuestions,
    // In the small one all questions about an account are about the same.
    isOf: (size) =>
      ofTrades === null || size === 'small' || sizes[size].firstAccounts.includes(ofTrades),
    change: (side) => addTrade(side, accountOf(side, question)?.id),
    ask: (side) => askOf(side, pathOf(side, question)),
  };
}

function accountOf({ size, accountIds }: Side, { ofTrades }: Question) {
  if (ofTrades === null) return null;
  const { firstAccounts } = sizes[size];
  const index = Math.max(0, firstAccounts.indexOf(ofTrades));
  return { id: accountIds[index]!, trades: firstAccounts[index]! };
}

function pathOf(side: Side, question: Question): string {
  const account = accountOf(side, question);
  const counts = { accounts: side.accountIds.length, trades: account?.trades ?? 0 };
  return question.path(counts) + (account ? `&account_id=${account.id}` : '');
}

function askOf({ address, key }: Side, question: string): Promise<number> {
  return ask(`${address}/api/partner${question}`, key);
}

let added = 0;

/** Adds a trade of today to an account, or to one of several in turn. */
function addTrade(side: Side, accountId = traderOf(side)): Promise<void> {
  return add(side, accountId, [makeTrade(added, lastDay, 0, 2)]);
}

function traderOf({ accountIds }: Side): string {
  return accountIds[10 + (added % 30)]!;
}

async function add(
  { database, partnerId }: Side,
  accountId: string,
  trades: readonly TestTrade[],
): Promise<void> {
  const report = await importTrades(
    database,
    partnerId,
    accountId,
    trades.map((trade) => ({ ...trade, id: `added-${added++}` })),
  );
  if (report.added !== trades.length) throw new Error('The added trades were not new.');
}

async function measureCases(sides: readonly Side[]): Promise<Row[]> {
  for (const side of sides) {
    progress(`scale: asking each question once, ${side.size}`);
    for (const each of cases) if (each.isOf(side.size)) await each.ask(side);
  }
  const rows = cases.map(({ what, growth }): Row => ({ what, growth, results: {} }));
  for (let turn = 1; turn <= turns.ofQuestions; turn++) {
    progress(`scale: turn ${turn} of ${turns.ofQuestions}`);
    for (const [index, each] of cases.entries()) {
      const { results } = rows[index]!;
      for (const side of sides) {
        if (turn > each.turns || !each.isOf(side.size)) continue;
        results[side.size] ??= [];
        results[side.size]!.push(await measure(each, side));
      }
    }
  }
  return rows;
}

async function measure(measured: Case, side: Side): Promise<Result> {
  await measured.change(side);
  await side.server.ask('watchHolds');
  const start = performance.now();
  const asking = measured.ask(side);
  const beside = measured.isBesideAnother ? await askBeside(side, asking) : null;
  await asking;
  const time = performance.now() - start;
  return { time, hold: await side.server.ask<number>('longestHold'), beside };
}

/** Asks as another partner, each time something else, until `work` ends; returns the longest time, ms. */
async function askBeside({ address, otherKey }: Side, work: Promise<unknown>): Promise<number> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  work.then(end, end);
  let longest = 0;
  for (let page = 1; !isOver; page++) {
    const time = await ask(`${address}/api/partner/accounts?offset=${page}`, otherKey);
    longest = Math.max(longest, time);
    await sleep(2);
  }
  return longest;
}

function firstAnswers(rows: readonly Row[]): Figure[] {
  const row = rows.find(({ what }) => what === afterImport.what)!;
  return (['large', 'wide'] as const).map((size) =>
    atMost(
      `The first answer after an import on ${importedDays} days, ${size}`,
      timeOf(row, size)!,
      most.firstAnswer,
      { unit: ' ms', digits: 0 },
    ),
  );
}

/** Measures how much memory a new server needs to answer all questions at once. */
async function measureMemory(sides: readonly Side[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const side of sides) {
    progress(`scale: asking all questions at once, ${side.size}`);
    const rest = await side.server.ask<number>('memory');
    await Promise.all(cases.map((each) => each.isOf(side.size) && each.ask(side)));
    const peak = await side.server.ask<number>('mostMemory');
    figures.push(
      atMost(
        `Memory while answering all questions at once, ${side.size}`,
        (peak - rest) / 1e6,
        most.memory,
        { unit: ' MB', digits: 0, details: ` more than at rest (${(rest / 1e6).toFixed(0)} MB)` },
      ),
    );
  }
  return figures;
}
