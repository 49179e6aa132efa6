import type { LeaderboardData, LeaderboardRow } from '../../../shared/answers/widgets.ts';
import { toDecimal } from '../../../shared/money.ts';
import { winRate } from '../../analytics/stats.ts';
import type { Asked } from '../../route.ts';
import type { Ranked } from '../../store/rankings.ts';
import { knownAccount, nameOf, spanOf } from '../coverage.ts';
import { presentSpan } from './days.ts';
import type { WidgetQuery } from './query.ts';

export async function leaderboard(asked: Asked<WidgetQuery>): Promise<LeaderboardData> {
  const { query, partner, database, today } = asked;
  const { account_id, firm_id: firm, sort, limit, period } = query;
  const account =
    account_id === undefined ? null : await knownAccount(account_id, partner.id, database);
  const currency = account?.currency ?? query.currency ?? partner.currency;
  const span = spanOf(period, asked);
  const { leaders, own, total, accounts, ends } = await asked.rankings.read(database.read, {
    edition: database.edition(),
    ...{ partner, period, span, today, currency, firm, sort, limit },
    own: account?.id,
  });
  return {
    account: account && nameOf(account),
    currency,
    accounts,
    period,
    ...presentSpan(span, ends, asked),
    sort,
    total,
    leaders: leaders.map(presentRank),
    own: own && presentRank(own),
  };
}

function presentRank({ rank, account_id, nickname, pnl, wins, trades }: Ranked): LeaderboardRow {
  return {
    rank,
    account_id,
    nickname,
    total_pnl: toDecimal(pnl),
    win_rate: winRate(wins, trades),
    trade_count: trades,
  };
}
