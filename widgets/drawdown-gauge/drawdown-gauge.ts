import { html, nothing, svg, type TemplateResult } from 'lit';
import type { DrawdownFigures, DrawdownGaugeData } from '../../shared/answers/widgets.ts';
import { share } from '../../shared/money.ts';
import { drawStale } from '../core/card.ts';
import { WidgetElement } from '../core/element.ts';
import { drawHeroText, drawHiddenName, fitText } from '../core/figure.ts';
import { dateWriter, type Formats, perFormats } from '../core/formats.ts';
import { drawIcon } from '../core/icon.ts';
import { commonWordsOf } from '../core/words.ts';
import { observedWriterOf } from '../parts/observed.ts';
import { pairStyles } from '../parts/pair-styles.ts';
import { drawGain, drawPairs, drawPairsSkeleton, gainLengths, type Pair } from '../parts/pairs.ts';
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

  protected override isEmpty({ tradeCount, drawdown, live }: DrawdownGaugeData): boolean {
    return tradeCount === 0 && !drawdown.gauge && !live;
  }

  protected override drawAside(figures: DrawdownGaugeData, formats: Formats): TemplateResult {
    const { gauge } = presentOf(figures);
    const zone = gauge && drawZone(gauge, formats);
    const time = timeOf(figures, formats);
    if (!time)
      return zone ? this.drawScope(figures, zone, formats) : super.drawAside(figures, formats);
    // Beside the day of a breach a narrow header has no room for it.
    const when = html`<span class="when ${gauge?.breachedOn ? 'with-date' : ''}">${time}</span>`;
    return this.drawScope(figures, html`${when}${zone}`, formats);
  }

  protected override drawStale(
    time: string,
    figures: DrawdownGaugeData,
    formats: Formats,
  ): TemplateResult {
    const { gauge } = presentOf(figures);
    return drawStale(time, formats, gauge ? drawZone(gauge, formats) : nothing);
  }

  protected override drawSkeleton(): TemplateResult {
    return html`<div class="main">
      <div class="gauge"><svg viewBox=${box}>${emptyArc}</svg></div>
      <div class="now"><p class="skeleton"></p><p class="skeleton"></p></div>
      ${drawPairsSkeleton('rows', 2)}
    </div>`;
  }

  protected override drawFigures(figures: DrawdownGaugeData, formats: Formats): TemplateResult {
    const drawdown = presentOf(figures);
    const { gauge, currentDrawdown, maxDrawdown } = drawdown;
    const words = wordsOf(formats);
    const { asOf, comma } = commonWordsOf(formats);
    const time = timeOf(figures, formats);
    const name = time ? words.current + comma + asOf(time) : words.current;
    const amount = html`${drawHiddenName(name)}<p class="hero" part="value">${drawHeroText(formats.gain(-currentDrawdown), formats.shortGain(-currentDrawdown))}</p>`;
    const rows = drawPairs('rows', rowsOf(drawdown, formats));
    if (!gauge)
      return html`<div class="main free"><div class="now">${amount}<p>${
        currentDrawdown === 0 ? words.atHigh : words.belowHigh
      }</p>${drawShare(drawdown, formats)}</div>${rows}</div>`;
    const used = formats.percent(gauge.used);
    const limits = amountLengths(gauge.limit, formats);
    const zone = zoneOf(gauge);
    // Beside the age of an old picture a narrow header has no room for the zone, so it is shown here.
    const brief = this.refusal
      ? [zoneText(gauge, daysOf(formats).short, formats), words[zone]]
      : limits.slice(1).map((limit) => words.usedOf(used, limit));
    return html`<div class="main">
      <div class="gauge" role="meter" aria-label=${words.heading} aria-valuenow=${gauge.usedClamped}
        aria-valuetext="${words.usedOf(used, limits[0]!)}${commonWordsOf(formats).comma}${zoneText(gauge, daysOf(formats).medium, formats)}"><svg viewBox=${box} aria-hidden="true">${drawArc(
          gauge.used,
          Math.round(share(maxDrawdown, gauge.limit)),
          zone,
        )}</svg><p aria-hidden="true"><strong>${used}</strong>${words.used}</p></div>
      <div class="now">${amount}<p><span class="wide">${fitText(limits.map(words.ofTheLimit))}</span><span class=${this.refusal ? `narrow ${zone}` : 'narrow'}>${fitText(brief)}</span></p></div>
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

/** The figures of the present: the live ones where there are any. */
function presentOf({ drawdown, live }: DrawdownGaugeData): DrawdownFigures {
  return live ? { ...drawdown, ...live } : drawdown;
}

/** When the live figures were observed; undefined without any. */
function timeOf({ live, to }: DrawdownGaugeData, formats: Formats): string | undefined {
  return live ? observedWriterOf(formats)(live.observedAt, to) : undefined;
}

type Gauge = NonNullable<DrawdownFigures['gauge']>;

/** At the limit itself nothing is breached yet. What was breached once is never safe again. */
function zoneOf({ used, everBreached }: Gauge): keyof typeof glyphs {
  if (everBreached) return 'breached';
  return used > danger ? 'danger' : used > caution ? 'caution' : 'safe';
}

function zoneText(gauge: Gauge, write: (day: string) => string, formats: Formats): string {
  const words = wordsOf(formats);
  const { breachedOn } = gauge;
  return breachedOn ? words.breachedOn(write(breachedOn)) : words[zoneOf(gauge)];
}

function drawZone(gauge: Gauge, formats: Formats): TemplateResult {
  const { medium, short } = daysOf(formats);
  const zone = zoneOf(gauge);
  return html`<span class="zone ${zone}">${drawIcon(glyphs[zone])}<span class="medium">${zoneText(gauge, medium, formats)}</span><span class="slim">${zoneText(gauge, short, formats)}</span></span>`;
}

/** A drawdown, written as a loss. */
function drawFall(drawdown: number, formats: Formats): TemplateResult {
  return fitText(gainLengths(-drawdown, formats));
}

/** An amount in several lengths, the longest first, without a sign. */
function amountLengths(amount: number, formats: Formats): string[] {
  return gainLengths(amount, formats).map((text) => text.replace('+', ''));
}

/** The most important first: a card shows as many as it has room for. */
function rowsOf(drawdown: DrawdownFigures, formats: Formats): Pair[] {
  const { gauge, maxDrawdown, maxDrawdownEod, maxDrawdownPct, peakEquity, currentEquity } =
    drawdown;
  const words = wordsOf(formats);
  const rows: (Pair | null)[] = [
    gauge && [words.left, fitText(amountLengths(gauge.remaining, formats))],
    [
      html`<i class="key"></i>${words.worst}<small> ${gauge?.everBreached ? words.breach : words.soFar}</small>`,
      drawFall(maxDrawdown, formats),
    ],
    [words.high, drawGain(peakEquity, formats)],
    [words.now, drawGain(currentEquity, formats)],
    maxDrawdownPct === null ? null : [words.worstShare, formats.percent(-maxDrawdownPct)],
    [words.worstClose, drawFall(maxDrawdownEod, formats)],
  ];
  return rows.filter((row) => row !== null);
}

/** Without a limit the drawdown is compared with the worst so far. */
function drawShare(
  { currentDrawdown, maxDrawdown }: DrawdownFigures,
  formats: Formats,
): TemplateResult | typeof nothing {
  if (maxDrawdown === 0) return nothing;
  const part = share(currentDrawdown, maxDrawdown);
  return html`<svg class="share" aria-hidden="true"><rect width="100%" height="6" rx="3"/><rect class="part" width="${part}%" height="6" rx="3"/></svg><p class="of">${wordsOf(formats).ofTheWorst(formats.percent(part))}</p>`;
}
