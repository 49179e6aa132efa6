import { html, nothing, type TemplateResult } from 'lit';
import type { MonthlyCalendarData } from '../../shared/answers/widgets.ts';
import { signOf } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';
import { commonWordsOf } from '../core/words.ts';
import { fitTogether, roomOf } from '../draw/fit-together.ts';
import { drawGridCell } from '../draw/grid-cell.ts';
import { heatClass, heatEnd, heatStep } from '../draw/heat.ts';
import { gridFormatsOf } from '../draw/week.ts';
import { type MonthCell, weeksOf } from './month.ts';
import { wordsOf } from './words.ts';

/** Weeks × days, with the sum of each week. */
export function drawMonth(figures: MonthlyCalendarData, formats: Formats): TemplateResult {
  const { days, today } = figures;
  const { count, gain, wholeGain } = formats;
  const { ofTrades } = commonWordsOf(formats);
  const words = wordsOf(formats);
  const { week, nameOf, signAndTiny } = gridFormatsOf(formats);
  const weeks = weeksOf(figures, week[0]!);
  const summed = weeks.filter(({ trades }) => trades);
  const end = heatEnd(days.map(({ pnl }) => pnl));

  const drawName = fitTogether(week, nameOf);
  const drawAmount = fitTogether(days, ({ pnl }) => [...signAndTiny(pnl), gain(pnl)]);
  const countsOf = ({ trades }: { trades: number }) => [
    words.times(count(trades)),
    ofTrades(trades, count(trades)),
  ];
  const drawTrades = fitTogether(days, countsOf);
  const drawWeeksTrades = fitTogether(summed, countsOf);
  const sums = summed.map(({ pnl }) => signAndTiny(pnl)[1]!);
  const drawSum = fitTogether(summed, ({ pnl }) => [
    signAndTiny(pnl)[1]!,
    wholeGain(pnl),
    gain(pnl),
  ]);

  // A weekend day on which nothing was traded takes less room, or none.
  const columns = week.map((day, index) =>
    day % 6 || weeks.some(({ cells }) => cells[index]!.traded) ? '' : 'rest',
  );
  const drawDay = ({ day, traded }: MonthCell, index: number) => {
    const current = day === today ? 'date' : nothing;
    const name = `${columns[index]} ${day && 'day'}`;
    const date = day && html`<span>${count(Number(day.slice(8)))}</span>`;
    if (!traded) return html`<td class=${name} aria-current=${current}><div>${date}</div></td>`;
    const { pnl } = traded;
    return drawGridCell(
      day,
      `${name} ${heatClass(heatStep(pnl, end))}`,
      traded === days[0],
      words.day(formats.weekday(day), gain(pnl), countsOf(traded)[1]!),
      html`${date}<small>${drawTrades(traded)}</small><b>${drawAmount(traded)}</b>`,
      current,
    );
  };
  const room = roomOf([...sums, words.week]);
  return html`<table role="grid" aria-label=${words.grid}>
    <thead><tr>${week.map(
      (day, index) => html`<th scope="col" class=${columns[index]!}>${drawName(day)}</th>`,
    )}<th scope="col" class="sum" data-room=${room}>${words.week}</th></tr></thead>
    <tbody>${weeks.map(
      (week) =>
        html`<tr>${week.cells.map(drawDay)}<td class="sum" data-room=${room}>${
          week.trades
            ? html`<b class=${signOf(week.pnl)}>${drawSum(week)}</b><small>${drawWeeksTrades(week)}</small>`
            : nothing
        }</td></tr>`,
    )}</tbody>
  </table>`;
}
