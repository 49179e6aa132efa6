import { html, nothing, type TemplateResult } from 'lit';
import type { HeatmapCell, TradeHeatmapData } from '../../shared/answers/widgets.ts';
import { drawArrow, drawHiddenName, fitText } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';
import { commonWordsOf } from '../core/words.ts';
import { heatStyles } from '../parts/heat-styles.ts';
import { ItemElement } from '../parts/item-element.ts';
import { clockOf, placeOf, shownAt } from './clock.ts';
import { drawGrid, idOf } from './grid.ts';
import { height, tradeHeatmapStyles } from './styles.ts';
import { wordsOf } from './words.ts';

/** `<pt-trade-heatmap>`: P&L by day of the week and hour of entry. */
export class TradeHeatmap extends ItemElement<'trade-heatmap'> {
  static override properties = { period: {} };
  static override styles = [...ItemElement.styles, heatStyles, tradeHeatmapStyles];

  declare period: string | null | undefined;

  readonly widget = 'trade-heatmap';
  protected readonly wordsOf = wordsOf;
  protected readonly height = height;

  protected override isEmpty({ heatmap }: TradeHeatmapData): boolean {
    return heatmap.length === 0;
  }

  protected override itemOf({ heatmap }: TradeHeatmapData, item: string): HeatmapCell | undefined {
    return heatmap.find((cell) => idOf(cell) === item);
  }

  protected override drawSkeleton(): TemplateResult {
    const skeleton = html`<p class="skeleton"></p>`;
    return html`<div class="main">
      <div class="extremes">${[skeleton, skeleton]}</div>
      <div class="map"><div class="skeletons">${[skeleton, skeleton, skeleton, skeleton, skeleton]}</div></div>
    </div>`;
  }

  protected override drawFigures(data: TradeHeatmapData, formats: Formats): TemplateResult {
    const { heatmap } = data;
    const ordered = heatmap.toSorted((one, other) => other.pnl - one.pnl);
    const best = ordered[0]!;
    const worst = ordered.at(-1)!;
    const extremes = worst.pnl < best.pnl ? [best, worst] : [best];
    const words = wordsOf(formats);
    return html`<div class="main">
      <div class="extremes">${extremes.map((cell) =>
        drawExtreme(cell === best ? words.best : words.worst, cell, data, formats),
      )}</div>
      <div class="map">${drawGrid(data, extremes, formats)}</div>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pt-trade-heatmap': TradeHeatmap;
  }
}

/** In characters, figure and time together: longer ones have no room side by side on a card of medium width. */
const longestExtreme = 17;

function drawExtreme(
  name: string,
  cell: HeatmapCell,
  data: TradeHeatmapData,
  formats: Formats,
): TemplateResult {
  const { pnl, trades } = cell;
  const { gain, shortGain, tinyGain, count } = formats;
  const common = commonWordsOf(formats);
  const short = shortGain(pnl);
  const when = clockOf(formats).when(shownAt(data, cell));
  const place = placeOf(data);
  const after = html`${drawArrow(pnl)}<small data-place=${place}> ${when}</small>`;
  const isLong = short.length + when.length > longestExtreme;
  return html`<div class=${isLong ? 'long' : nothing}>${drawHiddenName(name + common.comma + place)}<p class="name" aria-hidden="true">${name}</p><p class="extreme" part="value">${fitText([gain(pnl), short, short, short, tinyGain(pnl)], after)}</p><p class="when" data-place=${place}>${when}<span><bdi>${common.ofTrades(trades, count(trades))}</bdi></span></p></div>`;
}
