import { html, type TemplateResult } from 'lit';
import type { StatsCardData } from '../../shared/answers/widgets.ts';
import { WidgetElement } from '../core/element.ts';
import { drawHero, fitText } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';
import { commonWordsOf } from '../core/words.ts';
import { drawOutcomes } from '../draw/outcomes.ts';
import { drawCounts, drawLengths, drawShares } from '../draw/share.ts';
import { height, statsCardStyles } from './styles.ts';
import { wordsOf } from './words.ts';

/** `<pt-stats-card>`: total P&L with win rate, profit factor and number of trades. */
export class StatsCard extends WidgetElement<'stats-card'> {
  static override properties = { period: {} };
  static override styles = [...WidgetElement.styles, statsCardStyles];

  declare period: string | null | undefined;

  readonly widget = 'stats-card';
  protected readonly wordsOf = wordsOf;
  protected readonly height = height;

  protected override isEmpty({ stats }: StatsCardData): boolean {
    return stats.tradeCount === 0;
  }

  protected override drawSkeleton(): TemplateResult {
    const row = html`<div class="row">
      <i class="skeleton"></i><i class="skeleton"></i><i class="skeleton"></i><i class="skeleton"></i>
    </div>`;
    return html`<div class="main skeletons">
      <div><p class="skeleton"></p><p class="skeleton"></p></div>
      <div class="rows">${[row, row, row]}</div>
    </div>`;
  }

  protected override drawFigures(figures: StatsCardData, formats: Formats): TemplateResult {
    const { stats, wins, losses, breakeven, grossProfit, grossLoss, dailyPnl } = figures;
    const { count, whole, shortGain, tinyGain } = formats;
    const common = commonWordsOf(formats);
    const words = wordsOf(formats);
    const lost = Math.abs(grossLoss);
    return html`<div class="main">
      <div>${drawHero(stats.totalPnl, formats)}<p class="label" aria-hidden="true">${common.totalPnl}</p></div>
      <dl class="rows">
        ${drawRow(
          common.winRate,
          drawOutcomes(wins, losses, breakeven, formats),
          drawShares(wins, losses),
          formats.percent(stats.winRate),
        )}
        ${drawRow(
          common.profitFactor,
          fitText([
            words.gainedAndLost(whole(grossProfit), whole(lost)),
            `${shortGain(grossProfit)} · ${shortGain(-lost)}`,
            `${tinyGain(grossProfit)} · ${tinyGain(-lost)}`,
          ]),
          drawLengths(grossProfit, lost),
          formats.ratio(stats.profitFactor),
        )}
        ${drawRow(
          common.trades,
          html`${words.tradingDays(dailyPnl.length, count(dailyPnl.length))}`,
          drawCounts(dailyPnl.map((day) => day.trades)),
          count(stats.tradeCount),
        )}
      </dl>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pt-stats-card': StatsCard;
  }
}

function drawRow(
  name: string,
  detail: TemplateResult,
  picture: TemplateResult,
  value: string,
): TemplateResult {
  return html`<div class="row">
    <dt>${name}</dt> <dd class="picture" aria-hidden="true"><svg viewBox="0 0 80 16" preserveAspectRatio="none">${picture}</svg></dd>
    <dd class="value">${value}</dd> <dd class="detail">${detail}</dd>
  </div>`;
}
