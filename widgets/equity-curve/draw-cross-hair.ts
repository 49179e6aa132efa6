import { html, nothing, type TemplateResult } from 'lit';
import { signOf } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';
import { commonWordsOf } from '../core/words.ts';
import { dayWordsOf } from '../parts/day-table.ts';
import type { CurveDay } from './days.ts';
import { wordsOf } from './words.ts';

/** The cross-hair on a day, with its tooltip; hidden without a day. */
export function drawCrossHair(day: CurveDay | undefined, formats: Formats): TemplateResult {
  return html`<i class="hair" ?hidden=${!day}></i><i class="point ${day && day.equity < 0 ? 'lost' : ''}" ?hidden=${!day}></i>
    <div class="tip" aria-live="polite" ?hidden=${!day}>${day ? drawTooltip(day, formats) : nothing}</div>`;
}

function drawTooltip(day: CurveDay, formats: Formats): TemplateResult {
  const { traded, equity, drawdown } = day;
  const words = wordsOf(formats);
  const name = traded
    ? words.dayOfTrades(
        commonWordsOf(formats).ofTrades(traded.trades, formats.count(traded.trades)),
      )
    : words.noTrades;
  return html`<strong>${formats.weekday(day.day)}</strong>
    <dl>
      <dt>${dayWordsOf(formats).cumulative}</dt><dd>${formats.gain(equity)}</dd>
      <dt>${name}</dt><dd class=${signOf(traded?.pnl ?? 0)}>${formats.gain(traded?.pnl ?? 0)}</dd>
      <dt>${words.belowHigh}</dt><dd>${formats.money(drawdown)}</dd>
    </dl>`;
}
