import { constants, copyFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { table } from '../../server/commands/output.ts';
import { type Database, openDatabase } from '../../server/store/database.ts';
import { importTrades, type TestTrade } from '../support/partner.ts';
import { testNow } from '../support/server.ts';
import { ask } from './ask.ts';
import { type Child, startChild, withChildren } from './child.ts';
import { atMost, type Figure, median, progress, unbounded } from './figure.ts';
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
import { lastDay, makeTrade } from './trades.ts';

const most = { ratio: 1.5, rankingRatio: 3, hold: 20, first: 1_000, memory: 300 };
const turns = { ofQuestions: 9, ofOthers: 3 };
const rankingsAtOnce = 50;
const importedDays = 250;

type Each<Value> = Record<Size, Value>;

interface Side extends Filled {
  size: Size;
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
}

/** How long the answer took and how long the server’s event loop was held meanwhile, ms. */
interface Result {
  time: number;
  hold: number;
}

interface Row {
  of: Case;
  results: Partial<Each<Result[]>>;
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
};

const cases: readonly Case[] = [...questions.map(caseOf), rankingsTogether, afterImport];

/**
 * Compares every question after a new trade of a partner with many trades, and of one with many
 * accounts, with the same of one with few, and tells how long their servers' event loops are held.
 */
export async function measureScale(): Promise<Figure[]> {
  const kept = {} as Each<Filled>;
  for (const size of sizeNames) kept[size] = await fill(size);
  const folder = path.join(dataFolder, 'copies');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  try {
    const copies = {} as Each<Filled>;
    for (const size of sizeNames) copies[size] = await copy(kept[size], folder);
    const rows = await withSides(copies, measureCases);
    const memory = await withSides(copies, measureMemory);
    console.log(`\n${writeRows(rows)}`);
    return [...figuresOf(rows), ...memory];
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
const clock = `const { now } = Date; const ahead = ${testNow} - now(); Date.now = () => now() + ahead;`;
const nodeOptions = ['--import', `data:text/javascript,${encodeURIComponent(clock)}`];

/** Runs `work` with a new server of each database. */
function withSides<Value>(
  filled: Each<Filled>,
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
        sides.push({ ...filled[size], size, server, address, database });
      }
      return await work(sides);
    } finally {
      for (const { database } of sides) await database.close();
    }
  });
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
    for (const of of cases) if (of.isOf(side.size)) await of.ask(side);
  }
  const rows = cases.map((of): Row => ({ of, results: {} }));
  for (let turn = 1; turn <= turns.ofQuestions; turn++) {
    progress(`scale: turn ${turn} of ${turns.ofQuestions}`);
    for (const { of, results } of rows) {
      for (const side of sides) {
        if (turn > of.turns || !of.isOf(side.size)) continue;
        results[side.size] ??= [];
        results[side.size]!.push(await measure(of, side));
      }
    }
  }
  return rows;
}

async function measure(of: Case, side: Side): Promise<Result> {
  await of.change(side);
  await side.server.ask('watchHolds');
  const start = performance.now();
  await of.ask(side);
  const time = performance.now() - start;
  return { time, hold: await side.server.ask<number>('longestHold') };
}

/** Measures how much memory a new server needs to answer all questions at once. */
async function measureMemory(sides: readonly Side[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const side of sides) {
    progress(`scale: asking all questions at once, ${side.size}`);
    const rest = await side.server.ask<number>('memory');
    await Promise.all(cases.filter(({ isOf }) => isOf(side.size)).map((of) => of.ask(side)));
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

function timeOf({ results }: Row, size: Size): number | null {
  return results[size] ? median(results[size].map(({ time }) => time)) : null;
}

/** The median of the turns: in some, other processes of the machine made the hold longer. */
function holdOf({ results }: Row, size: Size): number | null {
  return results[size] ? median(results[size].map(({ hold }) => hold)) : null;
}

function longestHoldOf({ results }: Row, size: Size): number | null {
  return results[size] ? Math.max(...results[size].map(({ hold }) => hold)) : null;
}

function ratioOf(row: Row, size: Size, base: Size = 'small'): number | null {
  const [time, baseTime] = [timeOf(row, size), timeOf(row, base)];
  return time === null || baseTime === null ? null : time / baseTime;
}

function writeRows(rows: readonly Row[]): string {
  const written = (value: number | null, digits: number) => value?.toFixed(digits) ?? '–';
  return table(
    ['question', 'small, ms', 'large, ms', 'ratio', 'wide, ms', 'ratio', 'hold: large', 'wide'],
    rows.map((row) => [
      row.of.what,
      written(timeOf(row, 'small'), 2),
      written(timeOf(row, 'large'), 2),
      written(ratioOf(row, 'large'), 2),
      written(timeOf(row, 'wide'), 2),
      written(ratioOf(row, 'wide'), 2),
      written(holdOf(row, 'large'), 1),
      written(holdOf(row, 'wide'), 1),
    ]),
  ).join('\n');
}

function figuresOf(rows: readonly Row[]): Figure[] {
  const steady = rows.filter(({ of }) => of.growth === 'nothing');
  const rankings = rows.filter(({ of }) => of.growth === 'accounts');
  const imported = rows.find(({ of }) => of === afterImport)!;
  return (['large', 'wide'] as const).flatMap((size) => {
    const base = size === 'large' ? 'small' : 'large';
    const ms = { unit: ' ms' };
    const longest = greatest(rows, (row) => longestHoldOf(row, size));
    return [
      bounded(
        `A question after a new trade, ${size} against small`,
        greatest(steady, (row) => ratioOf(row, size)),
        most.ratio,
      ),
      bounded(
        `A ranking of ten times the accounts, ${size} against ${base}`,
        greatest(rankings, (row) => ratioOf(row, size, base)),
        most.rankingRatio,
      ),
      bounded(
        `Hold of the event loop, ${size}`,
        greatest(rows, (row) => holdOf(row, size)),
        most.hold,
        ms,
      ),
      unbounded('  the longest in any turn', `${longest.value.toFixed(2)} ms (${longest.what})`),
      atMost(
        `The first answer after an import on ${importedDays} days, ${size}`,
        timeOf(imported, size)!,
        most.first,
        ms,
      ),
    ];
  });
}

interface Greatest {
  what: string;
  value: number;
}

function greatest(rows: readonly Row[], measureOf: (row: Row) => number | null): Greatest {
  return rows
    .map((row) => ({ what: row.of.what, value: measureOf(row) ?? 0 }))
    .reduce((one, other) => (other.value > one.value ? other : one));
}

function bounded(
  what: string,
  { what: where, value }: Greatest,
  bound: number,
  options?: { unit: string },
): Figure {
  return atMost(what, value, bound, { ...options, details: ` (${where})` });
}
