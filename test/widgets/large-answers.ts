import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import { type WidgetName, widgetNames } from '../../shared/widgets.ts';
import { answerOf, liveAnswers } from './answers.ts';

/** Fields that hold money, and those of them that are never negative. */
const money =
  /^(pnl|total_?pnl|avgPnl|bestTrade|worstTrade|equity|peak|peakEquity|currentEquity|currentPnl|expectancy|bestDay|worstDay)$/i;
const amounts =
  /^(grossProfit|maxDrawdown(Eod)?|currentDrawdown|limit|remaining|c?var95|ulcerDollar|volAnnual)$/;

/** Longer than anything to be expected. */
const texts: Record<string, string> = {
  nickname: 'Maximilian Featherstonehaugh-Cholmondeley',
  symbol: 'XAUUSD.pro-ecn',
  day_zone: 'America/Argentina/Buenos_Aires',
  day_start: '17:30',
};

/** Two more instruments than the documented height has room for. */
const more = ['MES', 'EURUSD'];

/** Every widget's sample answer with its money multiplied, and with long names and large counts. */
export function largeAnswers(factor: number): WidgetAnswer[] {
  return [...widgetNames.map((widget) => answerOf(widget)), ...liveAnswers()].map((answer) =>
    enlarge(answer, factor),
  );
}

function enlarge<Name extends WidgetName>(answer: WidgetAnswer<Name>, factor: number) {
  const scale = (amount: number) => Math.round(amount * factor * 10_000) / 10_000;
  const large = JSON.parse(JSON.stringify(answer), (name, value) => {
    if (name === 'instruments')
      return [...value, ...more.map((symbol) => ({ ...value[2], symbol }))];
    if (texts[name] && value !== 'ES') return texts[name];
    if (typeof value !== 'number') return value;
    if (money.test(name)) return scale(value);
    if (amounts.test(name)) return Math.abs(scale(value));
    if (name === 'grossLoss') return -Math.abs(scale(value));
    if (name === 'drawdown') return Math.abs(scale(value));
    return /^(trades|tradeCount|trade_count|wins|losses|total)$/.test(name) ? value * 123 : value;
  });
  return large as WidgetAnswer<Name>;
}
