import { html, nothing, type TemplateResult } from 'lit';
import type { Formats } from '../core/formats.ts';

export const dayWords = {
  day: 'Day',
  dailyPnl: 'Daily P&L',
  cumulative: 'Cumulative',
};

const latest = (count: string) => `Latest trading days: ${count}`;

/** In days: a longer table can't be read aloud. */
const mostDays = 260;

/** A picture's latest days as a table, for those who can't see it; `equity` where the picture adds up. */
export function drawDayTable(
  all: readonly { day: string; pnl: number; equity?: number }[],
  formats: Formats,
): TemplateResult {
  const days = all.slice(-mostDays);
  const names = Object.values(dayWords).slice(0, days[0]?.equity === undefined ? 2 : 3);
  return html`<div class="unseen"><table aria-label=${latest(formats.count(days.length))}>
    <tr>${names.map((name) => html`<th scope="col">${name}</th>`)}</tr>
    ${days.map(
      ({ day, pnl, equity }) =>
        html`<tr><th scope="row">${formats.weekday(day)}</th><td>${formats.gain(pnl)}</td>${
          equity === undefined ? nothing : html`<td>${formats.gain(equity)}</td>`
        }</tr>`,
    )}
  </table></div>`;
}
