import type { TemplateResult } from 'lit';
import { fitting } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';
import { inLanguage } from '../core/language.ts';

type Tell = (count: number, figure: string) => string;

export const english: Record<'full' | 'brief', readonly [won: Tell, lost: Tell, even: Tell]> = {
  full: [
    (_, figure) => `${figure} won`,
    (_, figure) => `${figure} lost`,
    (_, figure) => `${figure} even`,
  ],
  brief: [(_, figure) => `${figure} W`, (_, figure) => `${figure} L`, (_, figure) => `${figure} E`],
};

const wordsOf = inLanguage('outcomes', english);

/** How many trades were won, lost and, if any, neither. */
export function drawOutcomes(
  won: number,
  lost: number,
  even: number,
  formats: Formats,
): TemplateResult {
  const { full, brief } = wordsOf(formats);
  const counts = even ? [won, lost, even] : [won, lost];
  return fitting(
    [full, brief].map((tell) =>
      counts.map((count, index) => tell[index]!(count, formats.count(count))).join(' · '),
    ),
  );
}
