import { html, nothing, type TemplateResult } from 'lit';
import { signOf } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';
import { commonWordsOf } from '../core/words.ts';
import { dayWordsOf } from '../parts/day-table.ts';
import type { CurveDay } from './days.ts';
import type { Live } from './picture.ts';
import { wordsOf } from './words.ts';

/** The cross-hair on a day, or on what is live, with its tooltip; hidden without either. */
export function drawCrossHair(at: CurveDay | Live | undefined, formats: Formats): TemplateResult {
  const equity = at && ('day' in at ? at.equity : at.value);
  return html`<i class="hair" ?hidden=${!at}></i><i class="point ${equity! < 0 ? 'lost' : ''}" ?hidden=${!at}></i>
    <div class="tip" aria-live="polite" ?hidden=${!at}>${
      !at ? nothing : 'day' in at ? drawTooltip(at, formats) : drawLive(at, formats)
    }</div>`;
}

function drawLive({ time, value }: Live, formats: Formats): TemplateResult {
  return html`<strong>${commonWordsOf(formats).asOf(time)}</strong>
    <dl><dt>${wordsOf(formats).live}</dt><dd>${formats.gain(value)}</dd></dl>`;
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
