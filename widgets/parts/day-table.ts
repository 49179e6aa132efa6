import { html, nothing, type TemplateResult } from 'lit';
import type { Formats } from '../core/formats.ts';
import { inLanguage } from '../core/language.ts';

export const english = {
  day: 'Day',
  dailyPnl: 'Daily P&L',
  cumulative: 'Cumulative',
  latest: (count: string) => `Latest trading days: ${count}`,
};

export const dayWordsOf = inLanguage('days', english);

/** In days: a longer table is too long for a screen reader. */
const mostDays = 260;

/** The latest days of a picture as a table for screen readers; with `equity` where the picture is cumulative. */
export function drawDayTable(
  all: readonly { day: string; pnl: number; equity?: number }[],
  formats: Formats,
): TemplateResult {
  const days = all.slice(-mostDays);
  const words = dayWordsOf(formats);
  const names = [words.day, words.dailyPnl];
  if (days[0]?.equity !== undefined) names.push(words.cumulative);
  return html`<div class="visually-hidden"><table aria-label=${words.latest(formats.count(days.length))}>
    <tr>${names.map((name) => html`<th scope="col">${name}</th>`)}</tr>
    ${days.map(
      ({ day, pnl, equity }) =>
        html`<tr><th scope="row">${formats.weekday(day)}</th><td>${formats.gain(pnl)}</td>${
          equity === undefined ? nothing : html`<td>${formats.gain(equity)}</td>`
        }</tr>`,
    )}
  </table></div>`;
}
