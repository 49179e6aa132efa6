import { periods } from '../../shared/period.ts';
import { sorts, widgetNames } from '../../shared/widgets.ts';

/** How many accounts the partner has, and how many trades the account has that is asked about. */
export interface Counts {
  accounts: number;
  trades: number;
}

/** What the time of an answer may grow with; `accounts` are those that are ranked. */
export type Growth = 'nothing' | 'accounts' | 'trades';

export interface Question {
  what: string;
  growth: Growth;
  /** How many trades the account has that it is about; null: it is about all accounts. */
  ofTrades: number | null;
  /** The path, without the account. */
  path(counts: Counts): string;
}

const sums = [
  '/stats',
  ...widgetNames.filter((name) => name !== 'leaderboard').map((name) => `/widgets/${name}`),
];

function* questionsAboutSums(ofTrades: number | null): Generator<Question> {
  for (const sum of sums) {
    const what = ofTrades === null ? sum : `${sum} of ${count(ofTrades)} trades`;
    yield { what, growth: 'nothing', ofTrades, path: () => `${sum}?period=all` };
  }
}

function* rankings(): Generator<Question> {
  const growth = 'accounts';
  for (const period of periods) {
    const what = `leaderboard ${period}`;
    const path = `/widgets/leaderboard?period=${period}`;
    for (const sort of sorts) {
      yield {
        what: `${what} by ${sort}`,
        growth,
        ofTrades: null,
        path: () => `${path}&sort=${sort}`,
      };
    }
    yield {
      what: `${what} of a firm`,
      growth,
      ofTrades: null,
      path: () => `${path}&firm_id=firm-7`,
    };
    yield { what: `${what} with an account’s own rank`, growth, ofTrades: 1_000, path: () => path };
  }
}

function* lists(): Generator<Question> {
  const list = { growth: 'nothing', ofTrades: null } as const;
  yield { ...list, what: '/accounts, first page', path: () => '/accounts?limit=50' };
  yield {
    ...list,
    what: '/accounts, last page',
    path: ({ accounts }) => `/accounts?limit=50&offset=${accounts - 50}`,
  };
}

function* questionsAboutTrades(ofTrades: number): Generator<Question> {
  const what = `/trades of ${count(ofTrades)}`;
  const path = '/trades?period=all';
  for (const sort of ['entry_time', 'exit_time']) {
    const sorted = { growth: 'nothing', ofTrades } as const;
    const pathOf = (page: number, limit: number) =>
      `${path}&sort=${sort}&page=${page}&limit=${limit}`;
    yield { ...sorted, what: `${what} by ${sort}, first page of 50`, path: () => pathOf(1, 50) };
    yield { ...sorted, what: `${what} by ${sort}, first page of 100`, path: () => pathOf(1, 100) };
    yield {
      ...sorted,
      what: `${what} by ${sort}, middle page of 100`,
      path: ({ trades }) => pathOf(trades / 200, 100),
    };
    yield {
      ...sorted,
      what: `${what} by ${sort}, last page of 100`,
      path: ({ trades }) => pathOf(trades / 100, 100),
    };
  }
  const growth = 'trades';
  yield { what: `${what} in one symbol`, growth, ofTrades, path: () => `${path}&symbol=ES` };
  yield { what: `${what} by pnl`, growth, ofTrades, path: () => `${path}&sort=pnl` };
}

export const questions: readonly Question[] = [
  ...questionsAboutSums(null),
  ...[1_000, 100_000].flatMap((trades) => [...questionsAboutSums(trades)]),
  ...rankings(),
  ...lists(),
  ...[1_000, 10_000, 100_000].flatMap((trades) => [...questionsAboutTrades(trades)]),
];

/** The path of a ranking with a parameter that changes nothing. */
export function rankingWith(number: number): string {
  return `/widgets/leaderboard?period=1y&max_drawdown=${number}`;
}

function count(number: number): string {
  return number.toLocaleString('en');
}
