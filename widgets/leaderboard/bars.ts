import { svg, type TemplateResult } from 'lit';
import type { Sort } from '../../shared/widgets.ts';
import { drawPart, percentOf } from '../draw/table.ts';

/** Draws bars on a common scale; losses extend to the other side of zero. */
export function barsOf(values: readonly number[], sort: Sort): (value: number) => TemplateResult {
  const low = Math.min(0, ...values);
  const range = Math.max(0, ...values) - low || 1;
  const zero = percentOf(-low / range);
  // The zero line, through all rows.
  const background = low ? svg`<line class="zero" x1=${zero} x2=${zero} y1="-9" y2="15"/>` : svg``;
  return (value) => {
    const name = sort === 'pnl' ? (value < 0 ? 'lost' : 'won') : 'share';
    return drawPart((Math.min(0, value) - low) / range, Math.abs(value) / range, name, background);
  };
}
