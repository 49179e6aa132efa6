import { html, isServer, nothing, type PropertyValues, svg, type TemplateResult } from 'lit';
import type { EquityCurveData } from '../../shared/answers/widgets.ts';
import { drawHero, signOf } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';
import { commonWordsOf } from '../core/words.ts';
import { curveStyles } from '../parts/curve-styles.ts';
import { drawDayTable } from '../parts/day-table.ts';
import { ItemElement } from '../parts/item-element.ts';
import { observedWriterOf } from '../parts/observed.ts';
import { CrossHair, type Values } from './cross-hair.ts';
import { type CurveDay, daysOf } from './days.ts';
import { drawCrossHair } from './draw-cross-hair.ts';
import { LiveCurve } from './live-curve.ts';
import { drawEmptyAxes, drawPicture, valuesOf } from './picture.ts';
import { equityCurveStyles, height } from './styles.ts';
import { wordsOf } from './words.ts';

/** `<pt-equity-curve>`: cumulative P&L with its drawdowns and the daily results below. */
export class EquityCurve extends ItemElement<'equity-curve'> {
  static override properties = { period: {} };
  static override styles = [...ItemElement.styles, curveStyles, equityCurveStyles];

  declare period: string | null | undefined;

  readonly widget = 'equity-curve';
  protected readonly wordsOf = wordsOf;
  protected readonly height = height;

  readonly #canvas = new LiveCurve(() => this.requestUpdate());
  readonly #crossHair = new CrossHair(
    () => {
      this.#canvas.want();
      this.requestUpdate();
    },
    (slot) => {
      // What is live is no day.
      if (this.#days[slot - 1]) this.select(String(slot));
    },
  );
  #figures: EquityCurveData | undefined;
  #days: readonly CurveDay[] = [];
  #values: Values | undefined;

  override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    this.#crossHair.listen(root);
    return root;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    scheme().addEventListener('change', this.#redraw);
    if (this.hasUpdated) this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    scheme().removeEventListener('change', this.#redraw);
    this.#remove();
  }

  protected override isEmpty({ tradeCount, live }: EquityCurveData): boolean {
    return tradeCount === 0 && !live;
  }

  protected override drawFigures(figures: EquityCurveData, formats: Formats): TemplateResult {
    this.#read(figures);
    const words = wordsOf(formats);
    const common = commonWordsOf(formats);
    const { totalPnl, maxDrawdown, period, to } = figures;
    const { ahead } = this.#values!;
    const live = ahead && {
      ...ahead,
      time: observedWriterOf(formats)(figures.live!.observedAt, to),
    };
    const last = live ? live.value : totalPnl;
    const { slot } = this.#crossHair;
    const pointed = slot ? (this.#days[slot - 1] ?? live) : undefined;
    // A still has no script that moves a cross-hair.
    const hasScript = !isServer;
    const summary = [
      words.summary(common.periods[period], formats.gain(totalPnl), formats.money(-maxDrawdown)),
      ...(live ? [`${words.live} ${formats.gain(live.value)}`, common.asOf(live.time)] : []),
    ].join(common.comma);
    return html`<div class=${live ? 'top two' : 'top'}>${drawHero(totalPnl, formats)}${
      live ? drawNote(ring, words.live, formats.gain(live.value), signOf(live.value)) : nothing
    }${
      maxDrawdown > 0
        ? drawNote(swatch, words.maxDrawdown, formats.money(-maxDrawdown), 'loss')
        : nothing
    }</div>
    <div class=${`chart${last > 0 ? '' : last < 0 ? ' lost' : ' flat'}${live ? ' open' : ''}${this.#canvas.drawn ? ' drawn' : ''}`}
      role=${hasScript ? 'application' : 'img'} aria-label=${summary}
      aria-roledescription=${hasScript ? words.chart : nothing} tabindex=${hasScript ? 0 : nothing}
    >${drawPicture(this.#days, this.#values!, live, formats)}${hasScript ? drawCrossHair(pointed, formats) : nothing}</div>
    ${hasScript ? drawDayTable(figures.equityCurve, formats) : nothing}`;
  }

  protected override drawEmptyPicture(figures: EquityCurveData, formats: Formats): TemplateResult {
    this.#read(figures);
    return drawEmptyAxes(this.#days, formats);
  }

  protected override itemOf(_figures: EquityCurveData, slot: string): CurveDay | undefined {
    return this.#days[Number(slot) - 1];
  }

  protected override drawSkeleton(): TemplateResult {
    return skeleton;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    // A canvas that is made now would never be removed.
    if (!this.isConnected) return;
    const box = this.renderRoot.querySelector<HTMLElement>('.live');
    if (!box) {
      this.#remove();
      return;
    }
    const appearance = [this.theme, this.palette, this.accent, this.answer?.revision].join();
    this.#canvas.update(box, this.#values!, appearance);
    this.#crossHair.place(box, this.#values!);
  }

  #remove(): void {
    this.#canvas.remove();
    this.#crossHair.remove();
  }

  #read(figures: EquityCurveData): void {
    if (figures === this.#figures) return;
    this.#figures = figures;
    this.#days = daysOf(figures);
    this.#values = valuesOf(this.#days, figures.live);
  }

  #redraw = (): void => this.#canvas.redraw();
}

declare global {
  interface HTMLElementTagNameMap {
    'pt-equity-curve': EquityCurve;
  }
}

let schemeList: MediaQueryList | undefined;

/**
 * Changes when a visitor switches between light and dark, which a canvas doesn't follow by itself. One
 * list for all elements: a listener can only be removed from the list it was added to.
 */
function scheme(): MediaQueryList {
  schemeList ??= matchMedia('(prefers-color-scheme: dark)');
  return schemeList;
}

/** A figure beside the main one, with its mark in the picture. */
function drawNote(mark: TemplateResult, name: string, amount: string, sign: unknown) {
  return html`<span class="fit key"><i aria-hidden="true">${mark}</i><span>${mark}${name}</span></span><span class="note ${sign}">${amount}</span>`;
}

const ring = html`<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true"><circle class="ring" cx="6" cy="6" r="4"/></svg>`;

const swatch = html`<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true"><path class="hatch" d="M0 4 4 0M0 11 11 0M5 12 12 5"/></svg>`;

const skeleton = html`<div class="top"><p class="skeleton"></p></div>
  <div class="chart" aria-hidden="true">
    <div class="plot"><svg viewBox="0 0 100 100" preserveAspectRatio="none"><path class="shape" d="M0 91C20 91 36 62 50 46S80 24 100 2V100H0z"/></svg></div>
    <div class="scale"><svg>${['8%', '54%', '97%'].map((y) => svg`<rect class="shape" x="12" y=${y} width="36" height="8" rx="4"/>`)}</svg></div>
    <div class="bars"><svg><line class="shape-bars" x2="100%" y1="50%" y2="50%"/></svg></div>
    <svg class="dates">${['0', '33%', '66%', '88%'].map((x) => svg`<rect class="shape" x=${x} y="8" width="12%" height="8" rx="4"/>`)}</svg>
  </div>`;
