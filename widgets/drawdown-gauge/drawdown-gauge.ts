import { html, nothing, svg, type TemplateResult } from 'lit';
import type { DrawdownFigures, DrawdownGaugeData } from '../../shared/answers/widgets.ts';
import { share } from '../../shared/money.ts';
import { drawOld } from '../core/card.ts';
import { WidgetElement } from '../core/element.ts';
import { drawSteps, fitting, said } from '../core/figure.ts';
import { dateWriter, type Formats, perFormats } from '../core/formats.ts';
import { drawIcon } from '../core/icon.ts';
import { commonWordsOf } from '../core/words.ts';
import { pairStyles } from '../parts/pair-styles.ts';
import { bonePairs, drawGain, drawPairs, gainSteps, type Pair } from '../parts/pairs.ts';
import { caution, danger, drawArc, emptyArc } from './arc.ts';
import { drawdownGaugeStyles, height } from './styles.ts';
import { wordsOf } from './words.ts';

/** `<pt-drawdown-gauge>`: the current drawdown against the limit, and the worst so far. */
export class DrawdownGauge extends WidgetElement<'drawdown-gauge'> {
  static override properties = { maxDrawdown: { attribute: 'max-drawdown' } };
  static override styles = [...WidgetElement.styles, pairStyles, drawdownGaugeStyles];

  declare maxDrawdown: number | string | null | undefined;

  readonly widget = 'drawdown-gauge';
  protected readonly wordsOf = wordsOf;
  protected readonly height = height;

  protected override isEmpty({ tradeCount, drawdown }: DrawdownGaugeData): boolean {
    return tradeCount === 0 && !drawdown.gauge;
  }

  protected override drawAside(figures: DrawdownGaugeData, formats: Formats): TemplateResult {
    const { gauge } = figures.drawdown;
    return gauge
      ? this.drawAbout(figures, drawZone(gauge, formats), formats)
      : super.drawAside(figures, formats);
  }

  protected override drawOld(
    time: string,
    { drawdown: { gauge } }: DrawdownGaugeData,
    formats: Formats,
  ): TemplateResult {
    return drawOld(time, formats, gauge ? drawZone(gauge, formats) : nothing);
  }

  protected override drawBones(): TemplateResult {
    return html`<div class="main">
      <div class="gauge"><svg viewBox=${box}>${emptyArc}</svg></div>
      <div class="now"><p class="bone"></p><p class="bone"></p></div>
      ${bonePairs('rows', 2)}
    </div>`;
  }

  protected override drawFigures(
    { drawdown }: DrawdownGaugeData,
    formats: Formats,
  ): TemplateResult {
    const { gauge, currentDrawdown, maxDrawdown } = drawdown;
    const words = wordsOf(formats);
    const amount = html`${said(words.current)}<p class="hero" part="value">${drawSteps(formats.gain(-currentDrawdown), formats.shortGain(-currentDrawdown))}</p>`;
    const rows = drawPairs('rows', rowsOf(drawdown, formats));
    if (!gauge)
      return html`<div class="main free"><div class="now">${amount}<p>${
        currentDrawdown === 0 ? words.atHigh : words.belowHigh
      }</p>${drawShare(drawdown, formats)}</div>${rows}</div>`;
    const used = formats.percent(gauge.used);
    const limits = amountSteps(gauge.limit, formats);
    const zone = zoneOf(gauge);
    // Of an old picture a narrow card's header has only room for its age.
    const brief = this.refusal
      ? [tellZone(gauge, daysOf(formats).short, formats), words[zone]]
      : limits.slice(1).map((limit) => words.usedOf(used, limit));
    return html`<div class="main">
      <div class="gauge" role="meter" aria-label=${words.heading} aria-valuenow=${gauge.usedClamped}
        aria-valuetext="${words.usedOf(used, limits[0]!)}${commonWordsOf(formats).comma}${tellZone(gauge, daysOf(formats).medium, formats)}"><svg viewBox=${box} aria-hidden="true">${drawArc(
          gauge.used,
          Math.round(share(maxDrawdown, gauge.limit)),
          zone,
        )}</svg><p aria-hidden="true"><strong>${used}</strong>${words.used}</p></div>
      <div class="now">${amount}<p><span class="wide">${fitting(limits.map(words.ofTheLimit))}</span><span class=${this.refusal ? `narrow ${zone}` : 'narrow'}>${fitting(brief)}</span></p></div>
      ${rows}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'pt-drawdown-gauge': DrawdownGauge;
  }
}

const box = '0 0 177 89';

const cross = svg`<path d="m4.5 4.5 7 7m0-7-7 7"/>`;
const glyphs = {
  safe: svg`<path d="m3.5 8.5 3 3 6-7"/>`,
  caution: svg`<path d="M8 3.5v6m0 3v.1"/>`,
  danger: cross,
  breached: cross,
};

/** `Nov 6, 2026` and `11/6/26` */
const daysOf = perFormats(({ language }) => {
  const date = (dateStyle: 'medium' | 'short') =>
    dateWriter(language, { timeZone: 'UTC', dateStyle });
  return { medium: date('medium'), short: date('short') };
});

type Gauge = NonNullable<DrawdownFigures['gauge']>;

/** At the limit itself nothing is breached yet. What was breached once is never safe again. */
function zoneOf({ used, everBreached }: Gauge): keyof typeof glyphs {
  if (everBreached) return 'breached';
  return used > danger ? 'danger' : used > caution ? 'caution' : 'safe';
}

function tellZone(gauge: Gauge, write: (day: string) => string, formats: Formats): string {
  const words = wordsOf(formats);
  const { breachedOn } = gauge;
  return breachedOn ? words.breachedOn(write(breachedOn)) : words[zoneOf(gauge)];
}

function drawZone(gauge: Gauge, formats: Formats): TemplateResult {
  const { medium, short } = daysOf(formats);
  const zone = zoneOf(gauge);
  return html`<span class="zone ${zone}">${drawIcon(glyphs[zone])}<span class="medium">${tellZone(gauge, medium, formats)}</span><span class="slim">${tellZone(gauge, short, formats)}</span></span>`;
}

/** A drawdown, which is told as the loss it is. */
function fall(drawdown: number, formats: Formats): TemplateResult {
  return fitting(gainSteps(-drawdown, formats));
}

/** An amount from the longest to the shortest, without a sign. */
function amountSteps(amount: number, formats: Formats): string[] {
  return gainSteps(amount, formats).map((text) => text.replace('+', ''));
}

/** What matters most comes first: a card shows as many as it has room for. */
function rowsOf(drawdown: DrawdownFigures, formats: Formats): Pair[] {
  const { gauge, maxDrawdown, maxDrawdownEod, maxDrawdownPct, peakEquity, currentEquity } =
    drawdown;
  const words = wordsOf(formats);
  const rows: (Pair | null)[] = [
    gauge && [words.left, fitting(amountSteps(gauge.remaining, formats))],
    [
      html`<i class="key"></i>${words.worst}<small> ${gauge?.everBreached ? words.breach : words.soFar}</small>`,
      fall(maxDrawdown, formats),
    ],
    [words.high, drawGain(peakEquity, formats)],
    [words.now, drawGain(currentEquity, formats)],
    maxDrawdownPct === null ? null : [words.worstShare, formats.percent(-maxDrawdownPct)],
    [words.worstClose, fall(maxDrawdownEod, formats)],
  ];
  return rows.filter((row) => row !== null);
}

/** Without a limit the worst so far is what the drawdown is measured by. */
function drawShare(
  { currentDrawdown, maxDrawdown }: DrawdownFigures,
  formats: Formats,
): TemplateResult | typeof nothing {
  if (maxDrawdown === 0) return nothing;
  const part = share(currentDrawdown, maxDrawdown);
  return html`<svg class="share" aria-hidden="true"><rect width="100%" height="6" rx="3"/><rect class="part" width="${part}%" height="6" rx="3"/></svg><p class="of">${wordsOf(formats).ofTheWorst(formats.percent(part))}</p>`;
}
