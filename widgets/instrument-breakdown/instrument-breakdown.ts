import { html, svg, type TemplateResult } from 'lit';
import type { InstrumentBreakdownData, InstrumentFigures } from '../../shared/answers/widgets.ts';
import { average } from '../../shared/money.ts';
import { fitText } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';
import { commonWordsOf } from '../core/words.ts';
import { drawPart, drawTable, drawTableSkeleton, gainsOf } from '../draw/table.ts';
import { ItemElement } from '../parts/item-element.ts';
import { drawLead } from '../parts/lead.ts';
import { leadStyles } from '../parts/lead-styles.ts';
import { tableStyles } from '../parts/table-styles.ts';
import { height, instrumentBreakdownStyles, rowHeight, rowsInHeight } from './styles.ts';
import { wordsOf } from './words.ts';

/** `<pt-instrument-breakdown>`: how often each instrument was traded, with its win rate and P&L. */
export class InstrumentBreakdown extends ItemElement<'instrument-breakdown'> {
  static override properties = { period: {} };
  static override styles = [
    ...ItemElement.styles,
    leadStyles,
    tableStyles,
    instrumentBreakdownStyles,
  ];

  declare period: string | null | undefined;

  readonly widget = 'instrument-breakdown';
  protected readonly wordsOf = wordsOf;
  protected readonly height = height;

  protected override isEmpty({ tradeCount }: InstrumentBreakdownData): boolean {
    return tradeCount === 0;
  }

  protected override extraHeight({ instruments }: InstrumentBreakdownData): number {
    return rowHeight * Math.max(0, instruments.length - rowsInHeight);
  }

  protected override itemOf(figures: InstrumentBreakdownData, item: string): InstrumentFigures {
    return byTrades(figures)[Number(item)]!;
  }

  protected override drawSkeleton(): TemplateResult {
    return drawTableSkeleton(rowsInHeight + 1);
  }

  protected override drawFigures(
    figures: InstrumentBreakdownData,
    formats: Formats,
  ): TemplateResult {
    const { tradeCount } = figures;
    const { count, percent, ratio, gain } = formats;
    const common = commonWordsOf(formats);
    const words = wordsOf(formats);
    const instruments = byTrades(figures);
    const [most] = instruments as [InstrumentFigures];
    const shareOf = (trades: number) => percent((100 * trades) / tradeCount);
    const traded = (trades: number) => common.ofTrades(trades, count(trades));
    const number = instruments.length;
    const totals = instruments.map(({ total_pnl }) => total_pnl);
    const drawAverage = gainsOf([], 0, 0, formats).draw;
    const gains = gainsOf(totals, 12, 8, formats);
    const isLong = gains.length + count(most.trades).length > longestFigures;
    const rows = instruments.map(({ symbol, trades, win_rate, profitFactor, total_pnl }, item) => {
      const [share, rate, factor] = [shareOf(trades), percent(win_rate), ratio(profitFactor)];
      return {
        item,
        label: [
          symbol,
          traded(trades),
          `${words.share} ${share}`,
          `${common.winRate} ${rate}`,
          `${common.profitFactor} ${factor}`,
          `${common.pnl} ${gain(total_pnl)}`,
        ],
        cells: [
          html`<bdi>${symbol}</bdi>`,
          html`<div class="bar">${drawPart(0, trades / most.trades, 'share', track)}<span class="roomy">${share}</span></div>`,
          count(trades),
          rate,
          factor,
          drawAverage(average(total_pnl, trades)),
          gains.draw(total_pnl),
        ],
      };
    });
    const heads = [
      words.symbol,
      words.share,
      common.heads.trades,
      common.heads.winRate,
      common.profitFactor,
      words.perTrade,
      common.heads.pnl,
    ];
    return html`<div class="list">${drawLead(
      words.most,
      shareOf(most.trades),
      fitText([words.ofTradesIn(most.symbol), words.in(most.symbol)]),
      fitText([
        words.counts(number, count(number), traded(tradeCount)),
        words.traded(count(number)),
      ]),
    )}${drawTable(
      words.heading,
      `ruled${isLong ? ' long' : ''}`,
      columns,
      heads,
      [rows],
      formats,
      0,
      drawMore(number, formats),
    )}</div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pt-instrument-breakdown': InstrumentBreakdown;
  }
}

/** In the order of a row's cells. */
const columns = ['symbol', 'share', 'trades', 'rate', 'factor', 'average', 'pnl'];

/** In characters, both figures together: beside longer ones a narrow card has no room for bars. */
const longestFigures = 10;

/** A line over each row but the last that says how many more there are from it on. */
function drawMore(rows: number, formats: Formats): TemplateResult {
  const { more } = wordsOf(formats);
  return html`<div class="more" aria-hidden="true">${Array.from(
    { length: rows - 1 },
    (_, row) => html`<p>${more(formats.count(rows - row))}</p>`,
  )}</div>`;
}

const track = svg`<rect class="track" width="100%" height="6" rx="3"/>`;

/** In the answer they are ordered by P&L. */
function byTrades({ instruments }: InstrumentBreakdownData): InstrumentFigures[] {
  return instruments.toSorted((one, other) => other.trades - one.trades);
}
