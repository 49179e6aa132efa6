import { html, nothing, type TemplateResult } from 'lit';
import type { LeaderboardData, LeaderboardRow } from '../../shared/answers/widgets.ts';
import type { Formats } from '../core/formats.ts';
import { commonWordsOf } from '../core/words.ts';
import { drawTable, drawTableSkeleton, gainsOf } from '../draw/table.ts';
import { ItemElement } from '../parts/item-element.ts';
import { leadStyles } from '../parts/lead-styles.ts';
import { tableStyles } from '../parts/table-styles.ts';
import { barsOf } from './bars.ts';
import { drawStanding, measureOf, rowsOf } from './standing.ts';
import { height, leaderboardStyles, rowHeight, rowsInHeight } from './styles.ts';
import { wordsOf } from './words.ts';

/** `<pt-leaderboard>`: the accounts ranked by P&L, win rate or number of trades. */
export class Leaderboard extends ItemElement<'leaderboard'> {
  static override properties = {
    firmId: { attribute: 'firm-id' },
    sort: {},
    by: {},
    status: {},
    limit: {},
    period: {},
  };
  static override styles = [...ItemElement.styles, leadStyles, tableStyles, leaderboardStyles];

  declare firmId: string | null | undefined;
  declare by: string | null | undefined;
  declare status: string | null | undefined;
  declare sort: string | null | undefined;
  declare limit: number | string | null | undefined;
  declare period: string | null | undefined;

  readonly widget = 'leaderboard';
  protected readonly wordsOf = wordsOf;
  protected readonly height = height;
  protected override readonly showsAll = true;

  protected override isEmpty({ total }: LeaderboardData): boolean {
    return total === 0;
  }

  protected override extraHeight(figures: LeaderboardData): number {
    return rowHeight * (rowsOf(figures).length - rowsInHeight);
  }

  protected override itemOf(figures: LeaderboardData, item: string): LeaderboardRow {
    return rowsOf(figures)[Number(item)]!;
  }

  override press(sort: string): void {
    this.sort = sort;
  }

  protected override drawSkeleton(): TemplateResult {
    return drawTableSkeleton(rowsInHeight + 1);
  }

  protected override drawFigures(figures: LeaderboardData, formats: Formats): TemplateResult {
    const { sort, leaders, own } = figures;
    const { count, percent, gain, wholeGain } = formats;
    const common = commonWordsOf(formats);
    const words = wordsOf(formats);
    const ranked = rowsOf(figures);
    const totals = ranked.map(({ total_pnl }) => total_pnl);
    const drawTotal = gainsOf(totals, 12, 8, formats, [wholeGain]).draw;
    const measures = ranked.map((row) => measureOf(row, sort));
    const drawBar = barsOf(measures, sort);
    const rows = ranked.map(({ rank, nickname, total_pnl, win_rate, trade_count }, item) => {
      const isOwn = own?.rank === rank;
      const [place, rate, trades] = [count(rank), percent(win_rate), count(trade_count)];
      return {
        item,
        label: [
          words.rank(place),
          nickname,
          isOwn ? words.thisAccount : [],
          `${common.pnl} ${gain(total_pnl)}`,
          `${common.winRate} ${rate}`,
          common.ofTrades(trade_count, trades),
        ],
        cells: [
          html`<div class="trader"><span class=${`rank${rank > 3 ? '' : ` medal medal-${rank}`}`}>${place}</span><div class="name"><bdi>${nickname}</bdi>${
            isOwn ? html`<small class="medium">${words.thisAccount}</small>` : nothing
          }</div><div class="roomy">${drawBar(measures[item]!)}</div></div>`,
          drawTotal(total_pnl),
          rate,
          trades,
        ],
        name: isOwn && 'own',
      };
    });
    const shown = leaders.length;
    const { pnl, winRate, trades } = common.heads;
    const heads = [pnl, winRate, trades].map(
      (name, index) => html`<button type="button" value=${sorts[index]}>${name}</button>`,
    );
    return html`<div class="list">${drawStanding(figures, formats)}${drawTable(
      words.heading,
      `by-${sort}`,
      ['trader', ...sorts],
      [html`<div class="trader"><span class="rank">#</span>${words.trader}</div>`, ...heads],
      [rows.slice(0, shown), ...(rows[shown] ? [rows.slice(shown)] : [])],
      formats,
      sorts.indexOf(sort) + 1,
    )}</div>`;
  }
}

/** In the order of the columns. */
const sorts = ['pnl', 'win_rate', 'trades'] as const;

declare global {
  interface HTMLElementTagNameMap {
    'pt-leaderboard': Leaderboard;
  }
}
