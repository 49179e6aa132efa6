import type { RecentTrade, RecentTradesData } from '../../../shared/answers/widgets.ts';
import { toDecimal } from '../../../shared/money.ts';
import type { Asked } from '../../route.ts';
import { latestTrades, type NamedTrade } from '../../store/trades.ts';
import { cover } from '../coverage.ts';
import type { WidgetQuery } from './query.ts';

export async function recentTrades(asked: Asked<WidgetQuery>): Promise<RecentTradesData> {
  const { subject, coverage } = await cover(asked);
  const trades = await latestTrades(asked.database.read, subject, asked.days, asked.query.limit);
  return { ...coverage, trades: trades.map(presentTrade) };
}

function presentTrade(trade: NamedTrade): RecentTrade {
  const { entry_time, exit_time } = trade;
  return {
    id: trade.id,
    account_id: trade.account_id,
    nickname: trade.nickname,
    symbol: trade.symbol,
    direction: trade.direction,
    quantity: trade.quantity,
    entry_price: trade.entry_price,
    exit_price: trade.exit_price,
    entry_time,
    exit_time,
    pnl: toDecimal(trade.pnl),
    durationMs: exit_time - entry_time,
  };
}
