import type { TemplateResult } from 'lit';
import { fitting } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';

const names = ['won', 'lost', 'even'];
const marks = ['W', 'L', 'E'];

/** How many trades were won, lost and, if any, neither. */
export function drawOutcomes(
  won: number,
  lost: number,
  even: number,
  { count }: Formats,
): TemplateResult {
  const counts = even ? [won, lost, even] : [won, lost];
  return fitting(
    [names, marks].map((words) =>
      counts.map((number, index) => `${count(number)} ${words[index]}`).join(' · '),
    ),
  );
}
