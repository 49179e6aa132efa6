import { html, type TemplateResult } from 'lit';
import type { InstrumentFigures, PerformanceSummaryData } from '../../shared/answers/widgets.ts';
import { fromDecimal, toDecimal } from '../../shared/money.ts';
import { WidgetElement } from '../core/element.ts';
import { drawHero, fitText } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';
import { commonWordsOf } from '../core/words.ts';
import { drawSpark } from '../draw/spark.ts';
import { type ClosedDay, daysOf } from '../equity-curve/days.ts';
import { curveStyles } from '../parts/curve-styles.ts';
import { drawDayTable } from '../parts/day-table.ts';
import { pairStyles } from '../parts/pair-styles.ts';
import { drawGain, drawPairs, drawPairsSkeleton } from '../parts/pairs.ts';
import { height, performanceSummaryStyles } from './styles.ts';
import { wordsOf } from './words.ts';

/** In characters: short amounts that are longer have no room in three columns on a narrow card. */
const longestBrief = 9;

/** As many as a large card shows; a small one hides some by CSS. */
const mostInstruments = 5;

/** `<pt-performance-summary>`: total P&L with its course, the best and worst trade and the top instruments. */
export class PerformanceSummary extends WidgetElement<'performance-summary'> {
  static override properties = { period: {} };
  static override styles = [
    ...WidgetElement.styles,
    curveStyles,
    pairStyles,
    performanceSummaryStyles,
  ];

  declare period: string | null | undefined;

  readonly widget = 'performance-summary';
  protected readonly wordsOf = wordsOf;
  protected readonly height = height;

  protected override isEmpty({ stats }: PerformanceSummaryData): boolean {
    return stats.tradeCount === 0;
  }

  protected override drawSkeleton(): TemplateResult {
    return html`<div class="main">
      <div class="course"><p class="skeleton"></p><p class="skeleton"></p></div>
      ${drawPairsSkeleton('metrics', 6)}
      <div class="top">${Array(6).fill(html`<p class="skeleton"></p>`)}</div>
    </div>`;
  }

  protected override drawFigures(
    figures: PerformanceSummaryData,
    formats: Formats,
  ): TemplateResult {
    const { stats, period, dailyPnl, instruments } = figures;
    const common = commonWordsOf(formats);
    const words = wordsOf(formats);
    const { totalPnl, bestTrade, worstTrade, avgPnl, profitFactor, tradeCount, winRate } = stats;
    const equityCurve = cumulate(dailyPnl);
    const values = [0, ...daysOf({ ...figures, equityCurve }).map(({ equity }) => equity)];
    const summary = words.summary(
      common.periods[period],
      formats.gain(totalPnl),
      formats.gain(Math.min(...values)),
      formats.gain(Math.max(...values)),
    );
    const isLong = [bestTrade, worstTrade, avgPnl].some(
      (amount) => formats.shortGain(amount).length > longestBrief,
    );
    return html`<div class=${`main${isLong ? ' long' : ''}`}>
      <div class="course">${drawHero(totalPnl, formats)}<div class="picture" role="img" aria-label=${summary}>${drawSpark(values)}</div>${drawDayTable(equityCurve, formats)}</div>
      ${drawPairs('metrics', [
        [fitText(words.best), drawGain(bestTrade, formats)],
        [fitText(words.worst), drawGain(worstTrade, formats)],
        [fitText(words.average), drawGain(avgPnl, formats)],
        [fitText(words.profitFactor), formats.ratio(profitFactor)],
        [fitText(words.trades), formats.count(tradeCount)],
        [fitText(words.winRate), formats.percent(winRate)],
      ])}
      <div class="top"><table aria-label=${words.topInstruments}>
        <tr><th scope="col" colspan="2">${words.topInstruments}</th><th scope="col" class="trades">${common.heads.trades}</th><th scope="col" class="rate">${common.heads.winRate}</th><th scope="col">${common.heads.pnl}</th></tr>
        ${drawInstruments(instruments, formats)}
      </table></div>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pt-performance-summary': PerformanceSummary;
  }
}

/** Summed in whole units, as binary fractions would drift. */
function cumulate(days: PerformanceSummaryData['dailyPnl']): ClosedDay[] {
  let sum = 0;
  return days.map((day) => {
    sum += fromDecimal(day.pnl);
    return { ...day, equity: toDecimal(sum) };
  });
}

function drawInstruments(instruments: InstrumentFigures[], formats: Formats): TemplateResult[] {
  const top = [...instruments].sort((one, other) => other.trades - one.trades);
  return top
    .slice(0, mostInstruments)
    .map(
      ({ symbol, trades, win_rate, total_pnl }) =>
        html`<tr><th scope="row" title=${symbol}><bdi>${symbol}</bdi></th><td class="part"><svg aria-hidden="true"><rect width="100%" height="6" rx="3"/><rect class="count" width="${Math.round((trades / top[0]!.trades) * 100)}%" height="6" rx="3"/></svg></td><td class="trades">${formats.count(trades)}</td><td class="rate">${formats.percent(win_rate)}</td><td>${drawGain(total_pnl, formats)}</td></tr>`,
    );
}
