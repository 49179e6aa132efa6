import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { winRate } from '../../server/analytics/stats.ts';
import { createAccount } from '../../server/store/accounts.ts';
import { transact } from '../../server/store/database.ts';
import { findPartner, raiseRevision } from '../../server/store/partners.ts';
import { remakeSums } from '../../server/store/remaking.ts';
import { changeDays } from '../../server/store/settings.ts';
import type { LeaderboardData, WidgetAnswer } from '../../shared/answers/widgets.ts';
import { formatDay, latestDay } from '../../shared/day.ts';
import { toDecimal } from '../../shared/money.ts';
import { type Period, periodDays } from '../../shared/period.ts';
import { minute } from '../../shared/time.ts';
import { type DaySettings, tradingDays, utcDays } from '../../shared/trading-day.ts';
import { type Contenders, type RankedStatus, type Sort, sorts } from '../../shared/widgets.ts';
import { makePartner, type TestPartner } from './partner.ts';
import { type TestServer, testNow } from './server.ts';

export interface RankedUser {
  id: string;
  name: string | null;
}

export interface RankedAccount {
  id: string;
  nickname: string;
  firm: string | null;
  user: RankedUser | null;
  currency: string;
  status: 'active' | 'closed';
  attempt: number;
  created: number;
}

export interface Trade {
  id: string;
  account: RankedAccount;
  attempt: number;
  /** Null: it is open. */
  exit_time: number | null;
  pnl: number;
}

export interface LeaderboardQuestion {
  period?: Period;
  sort?: Sort;
  limit?: number;
  currency?: string | undefined;
  firm?: string | undefined;
  status?: RankedStatus | undefined;
  attempt?: number | undefined;
  by?: Contenders | undefined;
  account?: RankedAccount | undefined;
}

interface Sums {
  /** An account, or a user with its accounts. */
  contender: RankedAccount | RankedUser;
  trades: number;
  wins: number;
  pnl: number;
}

/** Accounts and trades of one partner, written by SQL, and what its leaderboards then have to say. */
export class RankedFirm {
  readonly partner: TestPartner;
  readonly users: RankedUser[] = [];
  readonly accounts: RankedAccount[] = [];
  readonly trades: Trade[] = [];
  readonly #server: TestServer;
  #days: DaySettings = utcDays;
  #made = 0;

  private constructor(server: TestServer, partner: TestPartner) {
    this.#server = server;
    this.partner = partner;
  }

  static async start(server: TestServer): Promise<RankedFirm> {
    return new RankedFirm(server, await makePartner(server.database, 'enterprise'));
  }

  async addUser(name: string | null): Promise<RankedUser> {
    const user = { id: `usr_${++this.#made}`, name };
    await this.write(() =>
      this.#run(
        'insert into users (partner_id, id, name, created_at) values (?, ?, ?, 0)',
        ...[this.partner.id, user.id, name],
      ),
    );
    this.users.push(user);
    return user;
  }

  /** Renames a user as the server does: no account has changed. */
  async rename(user: RankedUser, name: string | null): Promise<void> {
    user.name = name;
    await transact(this.#server.database, async (transaction) => {
      this.#run(
        'update users set name = ? where partner_id = ? and id = ?',
        ...[name, this.partner.id, user.id],
      );
      await raiseRevision(transaction, this.partner.id);
    });
  }

  async open(account: Partial<RankedAccount> = {}): Promise<RankedAccount> {
    const [opened] = await this.openAll([account]);
    return opened!;
  }

  openAll(accounts: readonly Partial<RankedAccount>[]): Promise<RankedAccount[]> {
    return transact(this.#server.database, async (transaction) => {
      const opened: RankedAccount[] = [];
      for (const { nickname = 'Ada', firm = null, user = null, currency = 'USD' } of accounts) {
        const userId = user?.id ?? null;
        const account = { nickname, firm, userId, currency, startingBalance: null };
        // Accounts are made in any order of their ages.
        const created = testNow - (++this.#made % 3);
        const { id } = await createAccount(
          transaction,
          this.partner.id,
          account,
          created,
          randomBytes,
        );
        const rest = { status: 'active', attempt: 1, created } as const;
        opened.push({ id, nickname, firm, user, currency, ...rest });
      }
      this.accounts.push(...opened);
      return opened;
    });
  }

  /** Changes an account as the server does, with the revision at which it changed. */
  async change(account: RankedAccount, change: Partial<RankedAccount>): Promise<void> {
    const own = this.trades.filter((trade) => trade.account === account);
    // Sums over all accounts are by currency, so the trades are away while it changes.
    const isExchanged = change.currency !== undefined;
    if (isExchanged) await this.write(() => own.map((trade) => this.#delete(trade)));
    Object.assign(account, change);
    await transact(this.#server.database, async (transaction) => {
      const { id, nickname, firm, user, currency, status, attempt } = account;
      this.#run(
        `insert into attempts (partner_id, account_id, attempt, started_at, trade_count, wins,
           total_pnl, money, duration)
         values (?, ?, ?, 0, 0, 0, 0, 0, 0) on conflict do nothing`,
        ...[this.partner.id, id, attempt],
      );
      this.#run(
        `update accounts set nickname = ?, firm = ?, user_id = ?, currency = ?, status = ?,
           attempt = ?, revision = ?
         where id = ?`,
        ...[nickname, firm, user?.id ?? null, currency, status, attempt],
        ...[await raiseRevision(transaction, this.partner.id), id],
      );
    });
    if (isExchanged) await this.write(() => own.map((trade) => this.#insert(trade)));
  }

  async remove(account: RankedAccount): Promise<void> {
    const own = this.trades.filter((trade) => trade.account === account);
    await this.write(() => own.map((trade) => this.delete(trade)));
    this.accounts.splice(this.accounts.indexOf(account), 1);
    await transact(this.#server.database, async (transaction) => {
      this.#run('delete from attempts where account_id = ?', account.id);
      this.#run('delete from accounts where id = ?', account.id);
      await raiseRevision(transaction, this.partner.id);
    });
  }

  /** Begins to erase an account as the server does: its trades are still there. */
  async erase(account: RankedAccount): Promise<void> {
    const left = this.trades.filter((trade) => trade.account !== account);
    this.trades.splice(0, Infinity, ...left);
    this.accounts.splice(this.accounts.indexOf(account), 1);
    await transact(this.#server.database, async (transaction) => {
      this.#run(
        `update accounts set status = 'erased', nickname = '', firm = null, user_id = null,
           revision = ?
         where id = ?`,
        ...[await raiseRevision(transaction, this.partner.id), account.id],
      );
    });
  }

  /** Adds, edits and deletes trades in one transaction. */
  async write(work: () => unknown): Promise<void> {
    await transact(this.#server.database, async () => work());
  }

  add(
    account: RankedAccount,
    exit_time: number | null,
    pnl: number,
    attempt = account.attempt,
  ): void {
    const trade = { id: `t${++this.#made}`, account, attempt, exit_time, pnl };
    this.trades.push(trade);
    this.#insert(trade);
  }

  edit(trade: Trade, exit_time: number | null, pnl: number): void {
    this.#delete(trade);
    this.#insert(Object.assign(trade, { exit_time, pnl }));
  }

  delete(trade: Trade): void {
    this.#delete(trade);
    this.trades.splice(this.trades.indexOf(trade), 1);
  }

  async setDays(days: DaySettings): Promise<void> {
    const { database } = this.#server;
    await transact(database, async (transaction) => {
      const partner = (await findPartner(transaction, this.partner.id))!;
      await changeDays(database.handle, transaction, partner, days);
    });
    await remakeSums(database, () => false);
    this.#days = days;
  }

  /** Asks for a leaderboard. */
  async ask(
    { account, firm, limit, ...question }: LeaderboardQuestion,
    address = this.#server.address,
  ): Promise<LeaderboardData> {
    const query = new URLSearchParams({
      ...(account && { account_id: account.id }),
      ...(firm !== undefined && { firm_id: firm }),
      ...(limit !== undefined && { limit: String(limit) }),
      ...Object.fromEntries(Object.entries(question).filter(([, value]) => value !== undefined)),
    });
    const response = await fetch(`${address}/api/partner/widgets/leaderboard?${query}`, {
      headers: { 'X-API-Key': this.partner.key },
    });
    assert.equal(response.status, 200);
    return ((await response.json()) as WidgetAnswer<'leaderboard'>).data;
  }

  /** What the leaderboard has to be, by all trades. */
  expect({
    period = 'all',
    sort = 'pnl',
    limit = 10,
    currency: wanted = 'USD',
    firm,
    status = 'active',
    attempt: asked,
    by = 'account',
    account,
  }: LeaderboardQuestion): LeaderboardData {
    const { now } = this.#server.clock;
    const { dayOf } = tradingDays(this.#days);
    const today = dayOf(now);
    const length = periodDays[period];
    const from = length === null ? -Infinity : today - length + 1;
    const to = length === null ? Infinity : Math.max(today, latestDay(now));
    const currency = account?.currency ?? wanted;
    const accounts = this.accounts
      .filter((each) => firm === undefined || each.firm === firm)
      .filter((each) => status === 'all' || each.status === 'active')
      .filter((each) => asked === undefined || asked <= each.attempt);
    const counted = accounts.filter((each) => each.currency === currency);
    const closed = this.trades
      .filter((trade) => trade.exit_time !== null && counted.includes(trade.account))
      .filter(({ account, attempt }) => attempt === (asked ?? account.attempt))
      .map((trade) => ({ ...trade, day: dayOf(trade.exit_time!) }))
      .filter(({ day }) => from <= day && day <= to);
    const contenderOf = (account: RankedAccount) => (by === 'user' && account.user) || account;
    const ranks = [...Map.groupBy(closed, ({ account }) => contenderOf(account))]
      .map(([contender, trades]): Sums => {
        const results = trades.map(({ pnl }) => pnl);
        return {
          contender,
          trades: results.length,
          wins: results.filter((pnl) => pnl > 0).length,
          pnl: results.reduce((sum, pnl) => sum + pnl, 0),
        };
      })
      .sort((one, other) => compare(sort, one, other))
      .map(({ contender, trades, wins, pnl }, place) => ({
        rank: place + 1,
        ...this.#present(contender, by),
        total_pnl: toDecimal(pnl),
        win_rate: winRate(wins, trades),
        trade_count: trades,
      }));
    const days = closed.map(({ day }) => day);
    const own = account && this.#present(contenderOf(account), by);
    const first = length === null ? Math.min(...days) : from;
    return {
      account: account ? { id: account.id, nickname: account.nickname } : null,
      currency,
      accounts: { counted: counted.length, left_out: accounts.length - counted.length },
      period,
      from: first === Infinity ? null : formatDay(first),
      to: formatDay(Math.max(today, ...days)),
      sort,
      total: ranks.length,
      leaders: ranks.slice(0, limit),
      own:
        ranks.find(
          ({ account_id, user_id }) => account_id === own?.account_id && user_id === own.user_id,
        ) ?? null,
    };
  }

  /** A contender as a row names it. */
  #present(contender: RankedAccount | RankedUser, by: Contenders) {
    if ('nickname' in contender) {
      const { id, nickname } = contender;
      return { account_id: id, nickname, ...(by === 'user' && { user_id: null }) };
    }
    const [oldest] = this.accounts
      .filter(({ user }) => user === contender)
      .sort((one, other) => one.created - other.created || (one.id < other.id ? -1 : 1));
    const nickname = contender.name ?? oldest!.nickname;
    return { account_id: null, nickname, user_id: contender.id };
  }

  #insert({ id, account, attempt, exit_time, pnl }: Trade): void {
    const isOpen = exit_time === null;
    this.#run(
      `insert into trades (partner_id, account_id, attempt, id, symbol, direction, quantity,
         entry_price, entry_time, exit_time, pnl, exit_price, commission)
       values (?, ?, ?, ?, 'ES', 'long', 1, 1, ?, ?, ?, ?, 0)`,
      ...[this.partner.id, account.id, attempt, id, (exit_time ?? 0) - minute],
      ...[exit_time, isOpen ? null : pnl, isOpen ? null : 1],
    );
  }

  #delete({ id, account }: Trade): void {
    this.#run('delete from trades where account_id = ? and id = ?', account.id, id);
  }

  #run(text: string, ...values: unknown[]): void {
    this.#server.database.handle.prepare(text).run(...values);
  }
}

/** By the sort's measure, then by the other two, all descending; then by id. */
function compare(sort: Sort, one: Sums, other: Sums): number {
  const differences = {
    pnl: other.pnl - one.pnl,
    // Of the rates, multiplied by both numbers of trades.
    win_rate: other.wins * one.trades - one.wins * other.trades,
    trades: other.trades - one.trades,
  };
  const order = [sort, ...sorts.filter((each) => each !== sort)];
  const deciding = order.find((each) => differences[each] !== 0);
  if (deciding) return differences[deciding];
  return one.contender.id < other.contender.id ? -1 : 1;
}
