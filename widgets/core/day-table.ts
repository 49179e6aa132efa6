import { html, type TemplateResult } from 'lit';
import type { Formats } from './formats.ts';

export const dayWords = {
  day: 'Day',
  dailyPnl: 'Daily P&L',
  cumulative: 'Cumulative',
};

/** A picture's days as a table, for those who can't see it. */
export function drawDayTable(
  days: readonly { day: string; pnl: number; equity: number }[],
  formats: Formats,
): TemplateResult {
  return html`<div class="unseen"><table>
    <tr><th scope="col">${dayWords.day}</th><th scope="col">${dayWords.dailyPnl}</th><th scope="col">${dayWords.cumulative}</th></tr>
    ${days.map(
      ({ day, pnl, equity }) =>
        html`<tr><th scope="row">${formats.weekday(day)}</th><td>${formats.gain(pnl)}</td><td>${formats.gain(equity)}</td></tr>`,
    )}
  </table></div>`;
}
