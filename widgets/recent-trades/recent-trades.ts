import { html, nothing, type PropertyValues, svg, type TemplateResult } from 'lit';
import type { RecentTrade, RecentTradesData } from '../../shared/answers/widgets.ts';
import { drawHero, fitText } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';
import { drawIcon } from '../core/icon.ts';
import { commonWordsOf } from '../core/words.ts';
import {
  drawTable,
  drawTableSkeleton,
  gainsOf,
  joinLabel,
  longestOf,
  type Row,
  slideIn,
} from '../draw/table.ts';
import { ItemElement } from '../parts/item-element.ts';
import { tableStyles } from '../parts/table-styles.ts';
import { startUpdating, stopUpdating } from './periodic-update.ts';
import { height, recentTradesStyles, rowHeight, tradesInHeight } from './styles.ts';
import { tradeWriterOf } from './trade-texts.ts';
import { wordsOf } from './words.ts';

/** `<pt-recent-trades>`: the latest trades as they are closed. */
export class RecentTrades extends ItemElement<'recent-trades'> {
  static override properties = { limit: {} };
  static override styles = [...ItemElement.styles, tableStyles, recentTradesStyles];

  declare limit: number | string | null | undefined;

  readonly widget = 'recent-trades';
  protected readonly wordsOf = wordsOf;
  protected readonly height = height;
  protected override readonly defaultRefresh = 60;

  /** The id of the latest trade in the picture. */
  #latest: string | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    startUpdating(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    stopUpdating(this);
  }

  override isLive(): boolean {
    return !/off|false/.test(`${this.live}`);
  }

  protected override isEmpty({ trades }: RecentTradesData): boolean {
    return !trades[0];
  }

  protected override drawAside(figures: RecentTradesData, formats: Formats): TemplateResult {
    return this.drawScope(figures, nothing, formats);
  }

  protected override extraHeight({ trades }: RecentTradesData): number {
    return rowHeight * (trades.length - tradesInHeight);
  }

  protected override itemOf({ trades }: RecentTradesData, item: string): RecentTrade {
    return trades[Number(item)]!;
  }

  protected override drawSkeleton(): TemplateResult {
    return drawTableSkeleton(tradesInHeight);
  }

  protected override drawFigures(figures: RecentTradesData, formats: Formats): TemplateResult {
    const { account, trades } = figures;
    const now = Date.now() + this.clockSkew;
    const { zone } = formats;
    const common = commonWordsOf(formats);
    const words = wordsOf(formats);
    const write = tradeWriterOf(formats);
    const gains = gainsOf(
      trades.map(({ pnl }) => pnl),
      11,
      10,
      formats,
    );
    const texts = trades.map((trade) => write(trade, now));
    const rows = trades.map((trade, item) => {
      const { symbol, direction, nickname, exit_time, pnl } = trade;
      const [size, prices, duration, shortDuration, age, moment] = texts[item]!;
      const side = `${words[direction]} ${size}`;
      return {
        item,
        label: [
          symbol,
          side,
          `${common.pnl} ${formats.gain(pnl)}`,
          account ? [] : nickname,
          words.fromTo(...prices),
          `${words.held} ${duration}`,
          `${words.closed} ${moment}`,
        ],
        cells: [
          html`<bdi>${symbol}</bdi>`,
          html`<div class=${`side ${direction}`}>${drawIcon(arrow)}${fitText([side, size])}</div>`,
          html`<bdi>${nickname}</bdi>`,
          fitText([duration, shortDuration]),
          ...prices,
          html`<time datetime=${new Date(exit_time).toISOString()}>${
            zone ? html`<span class="vast">${formats.time(exit_time)} · </span>` : nothing
          }${age}</time>`,
          gains.draw(pnl),
        ],
      };
    });
    const [latest, ...others] = rows as [Row, ...Row[]];
    const [symbol, side, name, held, , , closed] = latest.cells;
    const longest = [
      trades.map((trade) => trade.symbol.slice(0, longestSymbol)),
      rows.map(({ label }) => label[1] as string),
      texts.map(([, , , duration]) => duration),
      texts.map(([, , , , age]) => age),
    ].map(longestOf);
    const isLong = longest.reduce((sum, length) => sum + length, gains.length) > longestRow;
    const headOf = { ...words.columns, pnl: common.heads.pnl };
    const heads = columns.map((column) => headOf[column]);
    const names = ['ruled', account ? 'one' : 'several', isLong ? 'long' : ''];
    return html`<div class="list"><div class="latest"><div aria-hidden="true">
      ${drawHero(trades[0]!.pnl, formats)}
      <div class="about">${symbol}${side}<div class="medium">${account ? nothing : name}<span>${words.held} </span>${held}</div><span class="when"><span class="medium">${words.closed} </span>${closed}</span></div></div>
      <div role="button" data-item="0" tabindex="0" aria-label=${joinLabel(latest.label, formats)}></div>
    </div>${
      others[0]
        ? drawTable(words.heading, names.join(' '), columns, heads, [others], formats)
        : nothing
    }</div>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const trades = this.answer?.data.trades ?? [];
    const added = trades.findIndex(({ id }) => id === this.#latest);
    this.#latest = trades[0]?.id;
    if (added > 0) slideIn(this.renderRoot, rowHeight * added);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pt-recent-trades': RecentTrades;
  }
}

/** In the order of a row's cells. */
const columns = ['symbol', 'side', 'account', 'held', 'entry', 'exit', 'closed', 'pnl'] as const;

/** In characters: beside a longer row a card of medium width has no room for the time of closing. */
const longestRow = 38;
const longestSymbol = 9;

const arrow = svg`<path d="M4 4l8 8M12 5v7H5"/>`;
