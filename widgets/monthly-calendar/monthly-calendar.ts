import { html, nothing, svg, type TemplateResult } from 'lit';
import type { CalendarDay, MonthlyCalendarData } from '../../shared/answers/widgets.ts';
import { drawStale } from '../core/card.ts';
import { drawHero } from '../core/figure.ts';
import { dateWriter, type Formats, perFormats } from '../core/formats.ts';
import { drawIcon } from '../core/icon.ts';
import { heatStyles } from '../parts/heat-styles.ts';
import { ItemElement } from '../parts/item-element.ts';
import { drawMonth } from './grid.ts';
import { monthAfter } from './month.ts';
import { height, monthlyCalendarStyles } from './styles.ts';
import { wordsOf } from './words.ts';

const titleWriterOf = perFormats(({ language }) =>
  dateWriter(language, { timeZone: 'UTC', month: 'long', year: 'numeric' }),
);

/** `<pt-monthly-calendar>`: a month’s P&L, a cell a day, with the sums of its weeks. */
export class MonthlyCalendar extends ItemElement<'monthly-calendar'> {
  static override properties = { month: {} };
  static override styles = [...ItemElement.styles, heatStyles, monthlyCalendarStyles];

  /** YYYY-MM. Default: the current one. */
  declare month: string | null | undefined;

  readonly widget = 'monthly-calendar';
  protected readonly wordsOf = wordsOf;
  protected readonly height = height;

  /** The month that the visitor went to last; its answer may not be there yet. */
  #requested: string | undefined;

  protected override isEmpty({ firstMonth }: MonthlyCalendarData): boolean {
    return firstMonth === null;
  }

  protected override titleOf({ month }: MonthlyCalendarData, formats: Formats): string {
    return titleWriterOf(formats)(month);
  }

  protected override drawAside(figures: MonthlyCalendarData, formats: Formats): TemplateResult {
    return this.drawScope(figures, this.#drawMonthButtons(figures, formats), formats);
  }

  protected override drawStale(
    time: string,
    figures: MonthlyCalendarData,
    formats: Formats,
  ): TemplateResult {
    return drawStale(time, formats, this.#drawMonthButtons(figures, formats));
  }

  protected override itemOf({ days }: MonthlyCalendarData, item: string): CalendarDay | undefined {
    return days.find(({ day }) => day === item);
  }

  override press(month: string): void {
    this.month = this.#requested = month;
  }

  protected override drawSkeleton(): TemplateResult {
    const skeleton = html`<p class="skeleton"></p>`;
    return html`<div class="top">${skeleton}</div><div class="skeletons">${[skeleton, skeleton, skeleton, skeleton, skeleton]}</div>`;
  }

  protected override drawFigures(figures: MonthlyCalendarData, formats: Formats): TemplateResult {
    const { totalPnl, trades, winDays, lossDays } = figures;
    const { count } = formats;
    const words = wordsOf(formats);
    return html`<div class="top">${drawHero(totalPnl, formats)}<p class="tally">${
      trades ? words.upAndDown(winDays, count(winDays), lossDays, count(lossDays)) : words.noTrades
    }</p></div>${drawMonth(figures, formats)}`;
  }

  /** The buttons to the previous and the next month. */
  #drawMonthButtons(
    figures: MonthlyCalendarData,
    formats: Formats,
  ): TemplateResult[] | typeof nothing {
    const { firstMonth, today, lastMonth = today.slice(0, 7) } = figures;
    if (!firstMonth) return nothing;
    // From the month that was requested, even if its answer is not there yet.
    const month = (this.#requested === this.month && this.#requested) || figures.month;
    const drawButton = (name: string, months: number, isLast: boolean) =>
      html`<button value=${monthAfter(month, months)} aria-label=${name} ?disabled=${isLast}>${drawIcon(chevronIcon)}</button>`;
    const words = wordsOf(formats);
    return [
      drawButton(words.previous, -1, month <= firstMonth),
      drawButton(words.next, 1, month >= lastMonth),
    ];
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pt-monthly-calendar': MonthlyCalendar;
  }
}

const chevronIcon = svg`<path d="M10 3.5 5.5 8l4.5 4.5"/>`;
