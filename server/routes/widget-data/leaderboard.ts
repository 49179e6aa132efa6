import type { LeaderboardData, LeaderboardRow } from '../../../shared/answers/widgets.ts';
import { toDecimal } from '../../../shared/money.ts';
import { winRate } from '../../analytics/stats.ts';
import type { Asked } from '../../route.ts';
import { countAccounts } from '../../store/accounts.ts';
import { type Ranked, readRankedEnds, readRanks } from '../../store/ranks.ts';
import { knownAccount, nameOf, spanOf } from '../coverage.ts';
import { presentSpan } from './days.ts';
import type { WidgetQuery } from './query.ts';

export async function leaderboard(asked: Asked<WidgetQuery>): Promise<LeaderboardData> {
  const { query, partner } = asked;
  const database = asked.database.read;
  const { account_id, firm_id: firm, sort, limit, period } = query;
  const account =
    account_id === undefined ? null : await knownAccount(account_id, partner.id, asked.database);
  const currency = account?.currency ?? query.currency ?? partner.currency;
  const span = spanOf(period, asked);
  const { id: partnerId, sums_version: version } = partner;
  const ranked = { partnerId, version, currency, firm, span };
  const ranks = await readRanks(database, { ...ranked, sort, limit, own: account?.id });
  const own = ranks.find((ranked) => ranked.account_id === account?.id);
  return {
    account: account && nameOf(account),
    currency,
    accounts: await countAccounts(database, partner.id, currency, firm),
    period,
    ...presentSpan(span, await readRankedEnds(database, ranked), asked),
    sort,
    total: ranks[0]?.total ?? 0,
    leaders: ranks.slice(0, limit).map(presentRank),
    own: own ? presentRank(own) : null,
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
