import { html, type TemplateResult } from 'lit';
import type { HeatmapCell } from '../../shared/answers/widgets.ts';
import { dateWriter, type Formats, perFormats } from '../core/formats.ts';
import { commonWordsOf } from '../core/words.ts';
import { alike, drawItem } from '../draw/alike.ts';
import { heatClass, heatEnd, heatStep } from '../draw/heat.ts';
import { gridFormatsOf, momentOfWeek } from '../draw/week.ts';
import { wordsOf } from './words.ts';

/** With more columns than this a cell has never room for a number of trades. */
const mostWithTrades = 16;
/** With more a narrow card's cells have no room for a sign, and with more rows for a figure. */
const mostWithSigns = 13;
const mostRowsWithFigures = 5;

/** What an hour's label takes, and the least room for all of them: by the card's width, in px. */
const labelWidth = 40;
const rooms = { few: 140, some: 272, many: 488 };

/** A longer end of the scale leaves out the currency, which the best and the worst hour name: in characters. */
const longestEnd = 7;

/** `Wed 09:00` and `09:00`, both UTC. */
export const clockOf = perFormats(({ language }) => {
  const clock = { timeZone: 'UTC', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return {
    when: dateWriter(language, { ...clock, weekday: 'short' }),
    time: dateWriter(language, clock),
  };
});

export function idOf({ dow, hour }: Pick<HeatmapCell, 'dow' | 'hour'>): string {
  return `${dow}-${hour}`;
}

/** Weekdays × hours, from the first hour traded to the last; the best and, if there is one, the worst are `ringed`. */
export function drawGrid(
  heatmap: readonly HeatmapCell[],
  ringed: readonly HeatmapCell[],
  formats: Formats,
): TemplateResult {
  const { week, nameOf, signAndTiny } = gridFormatsOf(formats);
  const { when, time } = clockOf(formats);
  const common = commonWordsOf(formats);
  const words = wordsOf(formats);
  const cells = new Map(heatmap.map((cell) => [idOf(cell), cell]));
  const traded = heatmap.map(({ hour }) => hour);
  const first = Math.min(...traded);
  const hours = Array.from(
    { length: Math.max(...traded) - first + 1 },
    (_, index) => first + index,
  );
  const days = week.filter((day) => day % 6 || heatmap.some(({ dow }) => dow === day));
  const end = heatEnd(heatmap.map(({ pnl }) => pnl));

  const hasTrades = hours.length <= mostWithTrades;
  const drawText = alike(heatmap, ({ pnl, trades }) => {
    const lengths = signAndTiny(pnl);
    if (!hasTrades) return lengths;
    return [...lengths, `${formats.shortGain(pnl)} ${words.times(formats.count(trades))}`];
  });
  const drawName = alike(days, nameOf);
  // A cell is higher than wide where there are many hours, and lower where there are few: neither counts more.
  const nearestTo = (dow: number, hour: number) => {
    const row = days.indexOf(dow);
    const far = (cell: HeatmapCell) =>
      Math.abs(days.indexOf(cell.dow) - row) + Math.abs(cell.hour - hour);
    return idOf(heatmap.reduce((one, other) => (far(other) < far(one) ? other : one)));
  };
  let isFirst = true;
  const drawCell = (dow: number, hour: number) => {
    const cell = cells.get(idOf({ dow, hour }));
    if (!cell) return html`<td data-near=${nearestTo(dow, hour)}></td>`;
    const { pnl, trades } = cell;
    const name = [words.best, words.worst][ringed.indexOf(cell)];
    const first = isFirst;
    isFirst = false;
    return drawItem(
      idOf(cell),
      heatClass(heatStep(pnl, end)) + (name ? ' ring' : ''),
      first,
      words.cell(
        `${when(momentOfWeek(dow, hour))} ${words.zone}`,
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
  return html`<table role="grid" class=${names.join(' ')} aria-label=${words.grid}>
      <thead><tr><td>${words.zone}</td>${hours.map(
        (hour) =>
          html`<th scope="col" class=${roomsOf(hour, hours.length)}>${time(momentOfWeek(0, hour))}</th>`,
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

/** How wide the card has to be for an hour's label: those that are left stand at round times. */
function roomsOf(hour: number, columns: number): string {
  return Object.entries(rooms)
    .filter(([, room]) => {
      const twofold = Math.ceil(Math.log2((columns * labelWidth) / room));
      return hour % 2 ** Math.max(0, twofold) === 0;
    })
    .map(([name]) => name)
    .join(' ');
}
