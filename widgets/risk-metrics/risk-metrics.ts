import { html, type TemplateResult } from 'lit';
import type { RiskMetricsData } from '../../shared/answers/widgets.ts';
import { WidgetElement } from '../core/element.ts';
import { fitting } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';
import { drawDayTable } from '../parts/day-table.ts';
import { lead } from '../parts/lead.ts';
import { leadStyles } from '../parts/lead-styles.ts';
import { pairStyles } from '../parts/pair-styles.ts';
import { bonePairs, drawGain, drawPairs, type Pair } from '../parts/pairs.ts';
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

  protected override drawBones(): TemplateResult {
    return html`<div class="lead"><p class="bone"></p><div><p class="bone"></p><p class="bone"></p></div></div>
      ${bonePairs('rows', 14)}`;
  }

  protected override drawFigures(figures: RiskMetricsData, formats: Formats): TemplateResult {
    const { risk, dailyPnl } = figures;
    const { count, ratio } = formats;
    const words = wordsOf(formats);
    const { n, sharpe } = risk;
    return html`<div class="head" title=${words.sharpeMeans}>${lead(
      words.sharpe[0]!,
      known(sharpe, ratio),
      fitting(words.sharpe),
      fitting(
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

/** Ratios are of a deviation, which one day hasn't. */
const leastDays = 2;

/** What matters most comes first: a card shows as many as it has room for. */
function figuresOf({ risk }: RiskMetricsData, formats: Formats): Pair[] {
  const { ratio, percent } = formats;
  const result = (amount: number) => drawGain(amount, formats);
  const lost = (amount: number) => result(-amount);
  const writers: Record<FigureName, (value: number) => unknown> = {
    sortino: ratio,
    maxDrawdown: lost,
    var95: lost,
    cvar95: lost,
    // Left to right, whatever the words around it.
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
    return [name, known(risk[figure], writers[figure]), qualifier, explanation];
  });
}

function known<Figure>(value: number | null, write: (value: number) => Figure): Figure | string {
  return value === null ? '–' : write(value);
}
