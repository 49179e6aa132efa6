import path from 'node:path';
import { type Database, openDatabase } from '../../server/store/database.ts';
import { type Day, utcDay } from '../../shared/day.ts';
import { makePartner, type TestPartner } from '../support/partner.ts';
import { testNow } from '../support/server.ts';
import { ask } from './ask.ts';
import { startChild, withChildren } from './child.ts';
import { atMost, type Figure, median, progress, unbounded } from './figure.ts';
import { withFolder } from './folder.ts';
import { type MadeTrade, makeTrade } from './trades.ts';

const most = 1.5;
const accounts = 100;
const days = 250;
/** Each account trades on two days of five, so that the few trades cover as many days as the many. */
const week = 5;
const active = 2;
const activeDays = (days / week) * active;
const sizes = { small: 10_000, large: 1_000_000 };
const questions = {
  stats: '/api/partner/stats?period=all',
  risk: '/api/partner/widgets/risk-metrics?period=all',
};
const turns = 25;

type Size = keyof typeof sizes;
type Question = keyof typeof questions;

interface Side {
  database: Database;
  partner: TestPartner;
  accountIds: string[];
  address: string;
}

/** Compares the first question about all accounts after a write, with many trades and with few on the same days. */
export function measureAggregate(): Promise<Figure[]> {
  return withFolder(async (folder) => {
    const files = {
      small: path.join(folder, 'small.db'),
      large: path.join(folder, 'large.db'),
    };
    const small = await fill(files.small, sizes.small);
    const large = await fill(files.large, sizes.large);
    const children = {
      small: startChild('served.ts', [files.small]),
      large: startChild('served.ts', [files.large]),
    };
    try {
      return await withChildren(children, async (running) =>
        compare({
          small: { ...small, address: await running.small.ask('address') },
          large: { ...large, address: await running.large.ask('address') },
        }),
      );
    } finally {
      await small.database.close();
      await large.database.close();
    }
  });
}

async function fill(file: string, size: number): Promise<Omit<Side, 'address'>> {
  progress(`aggregate: making ${size} trades of ${accounts} accounts`);
  const database = await openDatabase(file);
  const partner = await makePartner(database, 'enterprise');
  const perDay = size / accounts / activeDays;
  const accountIds: string[] = [];
  for (let account = 0; account < accounts; account++) {
    const id = await partner.newAccount({ nickname: `Account ${account}` });
    accountIds.push(id);
    const trades: MadeTrade[] = [];
    for (let each = 0; each < activeDays * perDay; each++) {
      const day = dayOf(account, Math.floor(each / perDay));
      trades.push(makeTrade(account * size + each, day, each % perDay, perDay));
    }
    await partner.addTrades(id, trades);
  }
  return { database, partner, accountIds };
}

/** The day of this number, from 0, among those on which an account trades. */
function dayOf(account: number, number: number): Day {
  const first = utcDay(testNow) - days;
  return first + week * Math.floor(number / active) + ((number + account) % week);
}

async function compare(sides: Record<Size, Side>): Promise<Figure[]> {
  const times = Object.fromEntries(
    Object.keys(questions).map((question) => [question, { small: [], large: [] }]),
  ) as unknown as Record<Question, Record<Size, number[]>>;
  // The first question refreshes the sums that are stale after the filling, which is not measured.
  for (const side of Object.values(sides)) {
    for (const question of Object.values(questions)) await askOf(side, question);
  }
  progress('aggregate: asking');
  for (let turn = 0; turn < turns; turn++) {
    for (const [question, address] of Object.entries(questions)) {
      for (const [size, side] of Object.entries(sides)) {
        await write(side, turn, question);
        times[question as Question][size as Size].push(await askOf(side, address));
      }
    }
  }
  const of = (question: Question, size: Size) => median(times[question][size]);
  const details = (question: Question) =>
    ` (${of(question, 'large').toFixed(2)} against ${of(question, 'small').toFixed(2)} ms)`;
  const ratio = (question: Question) => of(question, 'large') / of(question, 'small');
  return [
    atMost(
      'GET /stats?period=all of all accounts after a write, 1,000,000 trades against 10,000',
      ratio('stats'),
      most,
      { details: details('stats') },
    ),
    unbounded('  the same of the risk metrics', ratio('risk').toFixed(2) + details('risk')),
  ];
}

/** Adds a trade to the last day of one account. */
async function write({ partner, accountIds }: Side, turn: number, question: string): Promise<void> {
  const trade = makeTrade(turn, dayOf(turn, activeDays - 1), 0, 2);
  const { added } = await partner.addTrades(accountIds[turn]!, [
    { ...trade, id: `written-${question}-${turn}` },
  ]);
  if (added !== 1) throw new Error('The written trade was not new.');
}

function askOf({ address, partner }: Side, question: string): Promise<number> {
  return ask(address + question, partner.key);
}
