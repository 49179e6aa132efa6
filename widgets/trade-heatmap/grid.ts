import { html, type TemplateResult } from 'lit';
import type { HeatmapCell, TradeHeatmapData } from '../../shared/answers/widgets.ts';
import type { Formats } from '../core/formats.ts';
import { commonWordsOf } from '../core/words.ts';
import { fitTogether } from '../draw/fit-together.ts';
import { drawGridCell } from '../draw/grid-cell.ts';
import { heatClass, heatEnd, heatStep } from '../draw/heat.ts';
import { gridFormatsOf, momentOfWeek } from '../draw/week.ts';
import { clockOf, placeOf, shownAt } from './clock.ts';
import { wordsOf } from './words.ts';

/** With more columns than this no cell has room for its number of trades. */
const mostWithTrades = 16;
/** With more columns the cells of a narrow card have no room for a sign, with more rows none for a figure. */
const mostWithSigns = 13;
const mostRowsWithFigures = 5;

/** The width of an hour's label, and the least width of all hours on a narrow, a medium and a wide card, in px. */
const labelWidth = 40;
const rooms: Record<string, number> = { few: 140, some: 272, many: 488 };

/** A place with more characters than this reaches from below the days to below the hours. */
const mostUnderNames = 4;
/** In px, with some room for wide fonts. */
const letterWidth = 9;

/** In characters: a longer end of the scale is written without the currency, which the best hour shows. */
const longestEnd = 7;

export function idOf({ dow, hour }: Pick<HeatmapCell, 'dow' | 'hour'>): string {
  return `${dow}-${hour}`;
}

/** Weekdays × hours, from the first hour traded to the last; the best and the worst, if there is one, are `ringed`. */
export function drawGrid(
  data: TradeHeatmapData,
  ringed: readonly HeatmapCell[],
  formats: Formats,
): TemplateResult {
  const { week, nameOf, signAndTiny } = gridFormatsOf(formats);
  const { when, time, weekday } = clockOf(formats);
  const common = commonWordsOf(formats);
  const words = wordsOf(formats);
  const { heatmap } = data;
  const place = placeOf(data);
  const cells = new Map(heatmap.map((cell) => [idOf(cell), cell]));
  const traded = heatmap.map(({ hour }) => hour);
  const hours = [...Array(24).keys()].slice(Math.min(...traded), Math.max(...traded) + 1);
  const days = week.filter((day) => day % 6 || heatmap.some(({ dow }) => dow === day));
  const end = heatEnd(heatmap.map(({ pnl }) => pnl));

  const hasTrades = hours.length <= mostWithTrades;
  const drawText = fitTogether(heatmap, ({ pnl, trades }) => {
    const lengths = signAndTiny(pnl);
    if (!hasTrades) return lengths;
    return [...lengths, `${formats.shortGain(pnl)} ${words.times(formats.count(trades))}`];
  });
  const drawName = fitTogether(days, nameOf);
  // In cells, not px: whether a cell is higher or wider depends on the number of hours.
  const nearestTo = (dow: number, hour: number) => {
    const row = days.indexOf(dow);
    const distance = (cell: HeatmapCell) =>
      Math.abs(days.indexOf(cell.dow) - row) + Math.abs(cell.hour - hour);
    return idOf(heatmap.reduce((one, other) => (distance(other) < distance(one) ? other : one)));
  };
  const placeWidth = (place.length - mostUnderNames) * letterWidth;
  /** On which cards an hour is labelled: every hour, or every second, fourth, … beside the place. */
  const roomsOf = (hour: number, index: number) =>
    Object.keys(rooms)
      .filter((card) => {
        // For each px.
        const columns = hours.length / rooms[card]!;
        const step = 2 ** Math.ceil(Math.log2(columns * labelWidth));
        return hour % step === 0 && index >= columns * placeWidth;
      })
      .join(' ');
  let isFirst = true;
  const drawCell = (dow: number, hour: number) => {
    const cell = cells.get(idOf({ dow, hour }));
    if (!cell) return html`<td data-near=${nearestTo(dow, hour)}></td>`;
    const { pnl, trades } = cell;
    const moment = shownAt(data, cell);
    const hourName = `${when(moment)} ${place}`;
    const date = weekday(moment);
    const tradingDay = weekday(momentOfWeek(dow, 0));
    const name = [words.best, words.worst][ringed.indexOf(cell)];
    const first = isFirst;
    isFirst = false;
    return drawGridCell(
      idOf(cell),
      heatClass(heatStep(pnl, end)) + (name ? ' ring' : ''),
      first,
      words.cell(
        date === tradingDay ? hourName : words.ofDay(hourName, tradingDay),
        formats.gain(pnl),
        common.ofTrades(trades, formats.count(trades)) + (name ? common.comma + name : ''),
      ),
      drawText(cell),
    );
  };
  const names = [
    hasTrades ? 'with-trades' : '',
    hours.length > mostWithSigns ? 'many-hours' : '',
    days.length > mostRowsWithFigures ? 'many-days' : '',
  ];
  return html`<table role="grid" class=${names.join(' ')} aria-label=${words.grid(place)}>
      <thead><tr><td>${place}</td>${hours.map(
        (hour, index) =>
          html`<th scope="col" class=${roomsOf(hour, index)}>${time(shownAt(data, { dow: 0, hour }))}</th>`,
      )}</tr></thead>
      <tbody>${days.map(
        (day) =>
          html`<tr><th scope="row">${drawName(day)}</th>${hours.map((hour) => drawCell(day, hour))}</tr>`,
      )}</tbody>
    </table>
    ${drawScale(end, formats)}`;
}

function drawScale(end: number, { shortGain, tinyGain }: Formats): TemplateResult {
  const write = shortGain(end).length > longestEnd ? tinyGain : shortGain;
  return html`<div class="scale"><div aria-hidden="true">${[4, 3, 2, 1, 0, -1, -2, -3, -4].map(
    (step) => html`<i class=${heatClass(step)}></i>`,
  )}</div>${[end, 0, -end].map((value) => html`<span>${write(value)}</span>`)}</div>`;
}
