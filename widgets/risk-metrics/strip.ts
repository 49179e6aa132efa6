import { html, nothing, svg, type TemplateResult } from 'lit';
import type { RiskMetricsData } from '../../shared/answers/widgets.ts';
import type { Formats } from '../core/formats.ts';
import { wordsOf } from './words.ts';

const width = 1000;

/** In characters: longer ones would overlap. */
const longestLabel = 11;

/** The width of a character of a label on the narrowest strip, in per cent of it. */
const characterWidth = 4.4;

/** The daily results as ticks on an axis from the worst through zero to the best. */
export function drawStrip(days: RiskMetricsData['dailyPnl'], formats: Formats): TemplateResult {
  const { gain, axis, tinyGain, count } = formats;
  const results = days.map(({ pnl }) => pnl);
  const low = Math.min(0, ...results);
  const high = Math.max(0, ...results);
  const x = (value: number) => Math.round((width * (value - low)) / (high - low || 1));
  // Results in the same place are drawn once.
  const ticks = (list: number[]) =>
    [...new Set(list.map(x))].map((place) => `M${place} 3v14`).join('');
  const gains = results.filter((value) => value > 0);
  const zero = x(0) / 10;
  const write = Math.max(axis(low).length, axis(high).length) > longestLabel ? tinyGain : axis;
  const [first, last] = [write(low), write(high)];
  const room = (label: string) => (label.length + 2) * characterWidth;
  const summary = wordsOf(formats).results(
    gain(Math.min(...results)),
    gain(Math.max(...results)),
    count(gains.length),
    count(results.length),
  );
  return html`<div class="strip" role="img" aria-label=${summary}><svg viewBox="0 0 ${width} 20" preserveAspectRatio="none" aria-hidden="true"><path class="axis" d="M0 10H${width}M${x(0)} 0V20"/><path class="gains" d=${ticks(gains)}/><path class="losses" d=${ticks(results.filter((value) => value < 0))}/></svg><svg class="labels" aria-hidden="true"><text y="11">${first}</text>${
    room(first) < zero && zero < 100 - room(last)
      ? svg`<text x="${zero}%" y="11" text-anchor="middle">${axis(0)}</text>`
      : nothing
  }${high > low ? svg`<text x="100%" y="11" text-anchor="end">${last}</text>` : nothing}</svg></div>`;
}
