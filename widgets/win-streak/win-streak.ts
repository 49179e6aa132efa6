import { html, svg, type TemplateResult } from 'lit';
import type { StreakFigures, WinStreakData } from '../../shared/answers/widgets.ts';
import { WidgetElement } from '../core/element.ts';
import { fitText } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';
import { commonWordsOf } from '../core/words.ts';
import { drawOutcomes } from '../draw/outcomes.ts';
import { drawLead } from '../parts/lead.ts';
import { leadStyles } from '../parts/lead-styles.ts';
import { pairStyles } from '../parts/pair-styles.ts';
import { drawPairs, drawPairsSkeleton } from '../parts/pairs.ts';
import { fewResults, height, manyResults, winStreakStyles } from './styles.ts';
import { wordsOf } from './words.ts';

/** `<pt-win-streak>`: winners or losers in a row, and the last results in order. */
export class WinStreak extends WidgetElement<'win-streak'> {
  static override properties = { period: {} };
  static override styles = [...WidgetElement.styles, leadStyles, pairStyles, winStreakStyles];

  declare period: string | null | undefined;

  readonly widget = 'win-streak';
  protected readonly wordsOf = wordsOf;
  protected readonly height = height;

  protected override isEmpty({ tradeCount }: WinStreakData): boolean {
    return tradeCount === 0;
  }

  protected override drawSkeleton(): TemplateResult {
    return html`<div class="main">
      <div class="lead"><p class="skeleton"></p><div><p class="skeleton"></p><p class="skeleton"></p></div></div>
      <div class="strip"><p class="skeleton"></p></div>
      ${drawPairsSkeleton('metrics', 3)}
    </div>`;
  }

  protected override drawFigures(figures: WinStreakData, formats: Formats): TemplateResult {
    const { streak, currentPnl } = figures;
    const { current, longestWin, longestLoss, recent } = streak;
    const { type, length } = current;
    const { count } = formats;
    const common = commonWordsOf(formats);
    const words = wordsOf(formats);
    const [won, lost, even] = ['W', 'L', 'B'].map(
      (outcome) => recent.filter((other) => other === outcome).length,
    ) as [number, number, number];
    const ago = (most: number) =>
      recent.length < most
        ? common.ofTrades(recent.length, count(recent.length))
        : words.ago(common.ofTrades(most, count(most)));
    return html`<div class="main">
      ${drawLead(
        words.current,
        count(length),
        type === 'none' ? words.none : words.inARow[type](length),
        type === 'none'
          ? words.brokeEven
          : currentPnl === null
            ? common.allAccounts
            : fitText([
                words.worth(formats.gain(currentPnl)),
                words.worth(formats.shortGain(currentPnl)),
              ]),
      )}
      <div class="strip">${drawResults(streak, formats)}
        <p aria-hidden="true"><span><span class="few">${ago(fewResults)}</span><span class="many">${ago(manyResults)}</span></span><span>${words.latest}</span></p>
      </div>
      ${drawPairs('metrics', [
        [fitText(words.longestWin), count(longestWin)],
        [fitText(words.longestLoss), count(longestLoss)],
        [words.last(count(recent.length)), drawOutcomes(won, lost, even, formats)],
      ])}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pt-win-streak': WinStreak;
  }
}

const discs = {
  W: svg`<circle cx="7" cy="7" r="6.5"/><path d="m4.2 7.3 2 2 3.6-4.2"/>`,
  L: svg`<circle cx="7" cy="7" r="5.75"/><path d="m5 5 4 4m0-4-4 4"/>`,
  B: svg`<path d="M4 7h6"/>`,
};

/** Wins above a line, losses below it, from left to right in every language. */
function drawResults({ current, recent }: StreakFigures, formats: Formats): TemplateResult {
  const words = wordsOf(formats);
  // A streak that began before the first of these has no start.
  const start = recent.length - current.length;
  return html`<ol aria-label=${words.results}>${recent.map((outcome, index) => {
    const run = index < start ? '' : index === start ? ' run start' : ' run';
    return html`<li class=${outcome + run}><svg viewBox="0 0 14 14" role="img" aria-label=${words.outcomes[outcome]}>${discs[outcome]}</svg></li>`;
  })}</ol>`;
}
