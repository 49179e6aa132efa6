import { html, type TemplateResult } from 'lit';
import type { RiskMetricsData } from '../../shared/answers/widgets.ts';
import { WidgetElement } from '../core/element.ts';
import { fitText } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';
import { drawDayTable } from '../parts/day-table.ts';
import { drawLead } from '../parts/lead.ts';
import { leadStyles } from '../parts/lead-styles.ts';
import { pairStyles } from '../parts/pair-styles.ts';
import { drawGain, drawPairs, drawPairsSkeleton, type Pair } from '../parts/pairs.ts';
import { drawStrip } from './strip.ts';
import { height, riskMetricsStyles } from './styles.ts';
import { type FigureName, wordsOf } from './words.ts';

/** `<pt-risk-metrics>`: Sharpe and Sortino ratio, drawdown, value at risk, expectancy and the rest. */
export class RiskMetrics extends WidgetElement<'risk-metrics'> {
  static override properties = { period: {} };
  static override styles = [...WidgetElement.styles, leadStyles, pairStyles, riskMetricsStyles];

  declare period: string | null | undefined;

  readonly widget = 'risk-metrics';
  protected readonly wordsOf = wordsOf;
  protected readonly height = height;

  protected override isEmpty({ stats }: RiskMetricsData): boolean {
    return stats.tradeCount === 0;
  }

  protected override drawSkeleton(): TemplateResult {
    return html`<div class="lead"><p class="skeleton"></p><div><p class="skeleton"></p><p class="skeleton"></p></div></div>
      ${drawPairsSkeleton('rows', 14)}`;
  }

  protected override drawFigures(figures: RiskMetricsData, formats: Formats): TemplateResult {
    const { risk, dailyPnl } = figures;
    const { count, ratio } = formats;
    const words = wordsOf(formats);
    const { n, sharpe } = risk;
    return html`<div class="head" title=${words.sharpeMeans}>${drawLead(
      words.sharpe[0]!,
      orDash(sharpe, ratio),
      fitText(words.sharpe),
      fitText(
        n < leastDays
          ? words.tooFewDays(leastDays - n, count(leastDays - n))
          : [words.annualisedDays(n, count(n)), ...words.annualised],
      ),
      true,
    )}${drawStrip(dailyPnl, formats)}</div>${drawDayTable(dailyPnl, formats)}
      ${drawPairs('rows', figuresOf(figures, formats))}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pt-risk-metrics': RiskMetrics;
  }
}

/** The ratios need a deviation, for which there have to be two days. */
const leastDays = 2;

/** The most important first: a card shows as many as it has room for. */
function figuresOf({ risk }: RiskMetricsData, formats: Formats): Pair[] {
  const { ratio, percent } = formats;
  const result = (amount: number) => drawGain(amount, formats);
  const lost = (amount: number) => result(-amount);
  const writers: Record<FigureName, (value: number) => unknown> = {
    sortino: ratio,
    maxDrawdown: lost,
    var95: lost,
    cvar95: lost,
    // Isolated from left to right, also among words of the other direction.
    riskReward: (reward) => `\u20661 : ${ratio(reward)}\u2069`,
    expectancy: result,
    recoveryFactor: ratio,
    sqn: ratio,
    kelly: (share) => percent(share * 100),
    calmar: ratio,
    ulcerDollar: lost,
    bestDayPctOfProfit: percent,
    profitableDaysPct: percent,
    volAnnual: formats.money,
  };
  const { figures } = wordsOf(formats);
  return (Object.keys(writers) as FigureName[]).map((figure) => {
    const [name, qualifier, explanation] = figures[figure];
    return [name, orDash(risk[figure], writers[figure]), qualifier, explanation];
  });
}

function orDash<Figure>(value: number | null, write: (value: number) => Figure): Figure | string {
  return value === null ? '–' : write(value);
}
