import type { TemplateResult } from 'lit';
import { fitText } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';
import { inLanguage } from '../core/language.ts';

type Write = (count: number, figure: string) => string;

export const english: Record<'full' | 'brief', readonly [won: Write, lost: Write, even: Write]> = {
  full: [
    (_, figure) => `${figure} won`,
    (_, figure) => `${figure} lost`,
    (_, figure) => `${figure} even`,
  ],
  brief: [(_, figure) => `${figure} W`, (_, figure) => `${figure} L`, (_, figure) => `${figure} E`],
};

const wordsOf = inLanguage('outcomes', english);

/** How many trades were won, were lost and, if there are any, broke even. */
export function drawOutcomes(
  won: number,
  lost: number,
  even: number,
  formats: Formats,
): TemplateResult {
  const { full, brief } = wordsOf(formats);
  const counts = even ? [won, lost, even] : [won, lost];
  return fitText(
    [full, brief].map((write) =>
      counts.map((count, index) => write[index]!(count, formats.count(count))).join(' · '),
    ),
  );
}
