import type { LeaderboardData, LeaderboardRow } from '../../../shared/answers/widgets.ts';
import { toDecimal } from '../../../shared/money.ts';
import { winRate } from '../../analytics/stats.ts';
import type { Asked } from '../../route.ts';
import type { Ranked } from '../../store/rankings.ts';
import { nameUsers } from '../../store/users.ts';
import { knownAccount, nameOf, spanOf } from '../coverage.ts';
import { presentSpan } from './days.ts';
import type { WidgetQuery } from './query.ts';

export async function leaderboard(asked: Asked<WidgetQuery>): Promise<LeaderboardData> {
  const { query, partner, database, today } = asked;
  const { account_id, attempt, firm_id: firm, by, status, sort, limit, period } = query;
  const account =
    account_id === undefined ? null : await knownAccount(account_id, partner.id, database.read);
  const currency = account?.currency ?? query.currency ?? partner.currency;
  const span = spanOf(period, asked);
  const { leaders, own, total, accounts, ends } = await asked.rankings.read(database.read, {
    edition: database.edition(),
    ...{ partner, period, span, today, currency, firm, status, attempt, by, sort, limit },
    own: account?.id,
  });
  // A user's name is no part of the rankings, which follow changes of accounts alone.
  const users = [...leaders, ...(own ? [own] : [])].filter((ranked) => ranked.account === null);
  const ids = users.map(({ id }) => id);
  const names = await nameUsers(database.read, partner.id, ids);
  const present = (ranked: Ranked): LeaderboardRow => ({
    ...presentRank(ranked, names),
    ...(by === 'user' && { user_id: ranked.account ? null : ranked.id }),
  });
  return {
    account: account && nameOf(account),
    currency,
    accounts,
    period,
    ...presentSpan(span, ends, asked),
    sort,
    total,
    leaders: leaders.map(present),
    own: own && present(own),
  };
}

function presentRank(
  { rank, id, account, pnl, wins, trades }: Ranked,
  names: ReadonlyMap<string, string>,
): LeaderboardRow {
  return {
    rank,
    account_id: account?.account_id ?? null,
    nickname: account ? account.nickname : names.get(id)!,
    total_pnl: toDecimal(pnl),
    win_rate: winRate(wins, trades),
    trade_count: trades,
  };
}
