import { html, nothing, svg, type TemplateResult } from 'lit';
import type { DrawdownFigures, DrawdownGaugeData } from '../../shared/answers/widgets.ts';
import { drawAbout } from '../core/card.ts';
import { WidgetElement } from '../core/element.ts';
import { fitting } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';
import { drawIcon } from '../core/icon.ts';
import { bonePairs, briefGain, drawGain, drawPairs, type Pair, pairStyles } from '../core/pairs.ts';
import { caution, danger, drawArc, emptyArc } from './arc.ts';
import { drawdownGaugeStyles, height } from './styles.ts';
import { words } from './words.ts';

/** `<pt-drawdown-gauge>`: the current drawdown against the limit, and the worst so far. */
export class DrawdownGauge extends WidgetElement<'drawdown-gauge'> {
  static override properties = { maxDrawdown: { attribute: 'max-drawdown' } };
  static override styles = [...WidgetElement.styles, pairStyles, drawdownGaugeStyles];

  declare maxDrawdown: number | string | null | undefined;

  readonly widget = 'drawdown-gauge';
  protected readonly heading = words.heading;
  protected readonly height = height;

  protected override isEmpty({ tradeCount, drawdown }: DrawdownGaugeData): boolean {
    return tradeCount === 0 && !drawdown.gauge;
  }

  protected override drawAside(figures: DrawdownGaugeData, formats: Formats): TemplateResult {
    const { gauge } = figures.drawdown;
    if (!gauge) return super.drawAside(figures, formats);
    const zone = zoneOf(gauge.used);
    return drawAbout(
      this.accountOf(figures),
      html`<span class="zone ${zone}">${drawIcon(glyphs[zone])}${words[zone]}</span>`,
    );
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
    const amount = html`<p class="hero" part="value">${fitting(formats.money(-currentDrawdown), formats.shortGain(-currentDrawdown))}</p>`;
    const rows = drawPairs('rows', rowsOf(drawdown, formats));
    if (!gauge)
      return html`<div class="main free"><div class="now">${amount}<p>${
        currentDrawdown === 0 ? words.atHigh : words.belowHigh
      }</p>${drawShare(drawdown, formats)}</div>${rows}</div>`;
    const used = formats.percent(gauge.used);
    const limit = formats.money(gauge.limit);
    const zone = zoneOf(gauge.used);
    return html`<div class="main">
      <div class="gauge" role="meter" aria-label=${words.heading} aria-valuenow=${gauge.usedClamped}
        aria-valuetext="${words.usedOf(used, limit)}, ${words[zone]}"><svg viewBox=${box} aria-hidden="true">${drawArc(
          gauge.used,
          Math.round((maxDrawdown / gauge.limit) * 100),
          zone,
        )}</svg><p><strong>${used}</strong>${words.used}</p></div>
      <div class="now">${amount}<p><span class="wide">${fitting(words.ofTheLimit(limit), words.ofTheLimit(shorten(gauge.limit, formats)))}</span><span class="narrow">${words.usedOf(used, shorten(gauge.limit, formats))}</span></p></div>
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

/** At the limit itself nothing is breached yet. */
function zoneOf(used: number): keyof typeof glyphs {
  if (used > 100) return 'breached';
  return used > danger ? 'danger' : used > caution ? 'caution' : 'safe';
}

/** A drawdown, which is told as the loss it is. */
function fall(drawdown: number, formats: Formats): TemplateResult {
  return fitting(formats.money(-drawdown), briefGain(-drawdown, formats));
}

/** Beyond this a unit takes less room than the digits. */
const longestWhole = 100_000;

/** An amount without a sign, in as little room as there is within the arc and beneath it. */
function shorten(amount: number, formats: Formats): string {
  return amount < longestWhole
    ? formats.whole(amount)
    : briefGain(amount, formats).replace('+', '');
}

/** What matters most comes first: a card shows as many as it has room for. */
function rowsOf(drawdown: DrawdownFigures, formats: Formats): Pair[] {
  const { gauge, maxDrawdown, maxDrawdownEod, maxDrawdownPct, peakEquity, currentEquity } =
    drawdown;
  const rows: (Pair | null)[] = [
    gauge && [
      words.left,
      fitting(formats.money(gauge.remaining), shorten(gauge.remaining, formats)),
    ],
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
  { percent }: Formats,
): TemplateResult | typeof nothing {
  if (maxDrawdown === 0) return nothing;
  const share = (100 * currentDrawdown) / maxDrawdown;
  return html`<svg class="share" aria-hidden="true"><rect width="100%" height="6" rx="3"/><rect class="part" width="${share}%" height="6" rx="3"/></svg><p class="of">${words.ofTheWorst(percent(share))}</p>`;
}
