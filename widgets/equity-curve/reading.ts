import { html, nothing, type TemplateResult } from 'lit';
import type { EquityCurveData } from '../../shared/answers/widgets.ts';
import type { Formats } from '../core/formats.ts';
import type { CurveDay } from './days.ts';
import { words } from './words.ts';

/** The cross-hair on a day, and what it says of it; out of sight without one. */
export function drawCrossHair(day: CurveDay | undefined, formats: Formats): TemplateResult {
  return html`<i class="hair" ?hidden=${!day}></i><i class="point ${day && day.equity < 0 ? 'lost' : ''}" ?hidden=${!day}></i>
    <div class="tip" aria-live="polite" ?hidden=${!day}>${day ? drawReading(day, formats) : nothing}</div>`;
}

function drawReading(day: CurveDay, formats: Formats): TemplateResult {
  const { traded, equity, drawdown } = day;
  const name = traded
    ? words.dayOfTrades(traded.trades, formats.count(traded.trades))
    : words.noTrades;
  return html`<strong>${formats.weekday(day.day)}</strong>
    <dl>
      <dt>${words.cumulative}</dt><dd>${formats.gain(equity)}</dd>
      <dt>${name}</dt><dd class=${signOf(traded?.pnl ?? 0)}>${formats.gain(traded?.pnl ?? 0)}</dd>
      <dt>${words.belowHigh}</dt><dd>${formats.money(drawdown)}</dd>
    </dl>`;
}

/** The picture's data, for those who can't see it. */
export function drawTable({ equityCurve }: EquityCurveData, formats: Formats): TemplateResult {
  // A table takes no height: only a box around it keeps its rows from lengthening the host's page.
  return html`<div class="unseen"><table>
    <tr><th scope="col">${words.day}</th><th scope="col">${words.dailyPnl}</th><th scope="col">${words.cumulative}</th></tr>
    ${equityCurve.map(
      ({ day, pnl, equity }) =>
        html`<tr><th scope="row">${formats.weekday(day)}</th><td>${formats.gain(pnl)}</td><td>${formats.gain(equity)}</td></tr>`,
    )}
  </table></div>`;
}

function signOf(amount: number): string | typeof nothing {
  return amount === 0 ? nothing : amount > 0 ? 'rise' : 'fall';
}
