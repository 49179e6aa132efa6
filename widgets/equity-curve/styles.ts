import { css } from 'lit';

/** As documented, in px. */
export const height = 300;

export const equityCurveStyles = css`
  :host {
    --card-height: ${height}px !important;
  }
  .top {
    flex: none;
    display: flex;
    gap: 4px;
    height: 32px;
    white-space: nowrap;
  }
  .top .hero {
    flex: 0 1 auto;
    min-width: 0;
    margin-inline: -1.5px auto;
    font-size: 28px;
    line-height: 32px;
  }
  .key,
  .note {
    flex: none;
    margin-top: 13px;
  }
  /* Shrinks so much sooner that the figure beside it loses not even a hundredth of a pixel. */
  .key {
    flex: 0 1000000 auto;
    min-width: 17px;
    margin-inline-start: 8px;
    color: var(--muted);
  }
  .key i {
    inset-inline: auto 0;
    display: flex;
    align-items: center;
  }
  .ring {
    fill: none;
    stroke: var(--muted);
    stroke-width: 2;
  }
  .swatch {
    width: 12px;
    height: 12px;
    padding-inline-end: 5px;
    vertical-align: -2px;
  }
  [lang='en'] .swatch {
    direction: ltr;
  }
  .chart {
    --mark: var(--curve, var(--profit-mark));
    --tag: var(--pill, var(--profit));
    --on-pill: light-dark(#fff, #06130d);
    flex: 1;
    display: grid;
    grid-template: minmax(0, 1fr) 12px 32px 20px / minmax(0, 1fr) minmax(52px, auto);
    min-height: 0;
    margin-top: 12px;
    position: relative;
    direction: ltr;
    text-align: left;
    font-size: 11px;
    touch-action: pan-y;
  }
  .lost {
    --mark: var(--curve, var(--loss-mark));
    --tag: var(--pill, var(--loss));
  }
  .flat {
    --mark: var(--curve, var(--muted));
    --tag: var(--pill, var(--muted));
  }
  .chart svg {
    display: block;
    width: 100%;
    height: 100%;
    overflow: visible;
  }
  .plot {
    grid-area: 1 / 1;
    position: relative;
  }
  .scale {
    grid-area: 1 / 2;
    position: relative;
  }
  /* Absolute, as in WebKit the percentage height of an svg in a grid is of all rows. */
  .chart > svg,
  .plot > svg,
  .scale > svg {
    position: absolute;
    inset: 0;
  }
  .front {
    grid-area: 1 / 1 / 2 / 2;
    pointer-events: none;
  }
  .scale > svg {
    inset-inline-start: 4px;
    width: calc(100% - 4px);
  }
  .scale i {
    display: block;
    height: 0;
    padding: 0 5px 0 9px;
    font-weight: 600;
    visibility: hidden;
  }
  .bars {
    grid-area: 3 / 1;
    container-type: inline-size;
  }
  .bars + .scale {
    grid-area: 3 / 2;
  }
  .dates {
    grid-area: 4 / 1 / 5 / 2;
  }
  .live {
    grid-area: 1 / 1;
    position: relative;
    overflow: hidden;
  }
  .u-wrap {
    position: relative;
  }
  .u-over,
  .u-under {
    position: absolute;
  }
  canvas {
    display: block;
    width: 100%;
    height: 100%;
  }
  text {
    fill: var(--faint);
  }
  .chart text {
    unicode-bidi: isolate;
  }
  .scale text {
    text-anchor: end;
  }
  .scale .last {
    text-anchor: middle;
    font-weight: 600;
    fill: var(--on-pill);
  }
  .pill {
    fill: var(--tag);
  }
  @media (forced-colors: active) {
    .chart {
      --on-pill: CanvasText;
    }
    .pill {
      stroke: CanvasText;
    }
  }
  line {
    stroke: var(--line);
  }
  .zero {
    stroke: var(--zero);
  }
  .gap rect {
    fill: var(--surface);
  }
  .gap line {
    stroke: var(--faint);
    stroke-dasharray: 2 4;
  }
  .gap text {
    text-anchor: middle;
  }
  .unnamed text {
    display: none;
  }
  .leader {
    stroke: var(--mark);
    stroke-dasharray: 2 2;
  }
  .ahead {
    stroke: var(--mark);
    stroke-width: 2;
    stroke-linecap: round;
    stroke-dasharray: 0 4.5;
  }
  .now {
    fill: var(--muted);
  }
  .dot {
    fill: var(--mark);
    stroke: var(--surface);
    stroke-width: 2;
    paint-order: stroke;
  }
  /* A ring: it is not closed. */
  .open .dot {
    fill: var(--surface);
    stroke: var(--mark);
    paint-order: normal;
  }
  .drawn .curve {
    visibility: hidden;
  }
  /* A canvas keeps the colours of the screen. */
  @media print {
    .drawn .curve {
      visibility: inherit;
    }
    .live canvas {
      display: none;
    }
  }
  .hatch {
    stroke: var(--loss-mark);
    stroke-opacity: 0.85;
  }
  .up-bars,
  .down-bars {
    stroke: var(--profit-mark);
    vector-effect: non-scaling-stroke;
  }
  .down-bars {
    stroke: var(--loss-mark);
  }
  .tip {
    padding: 7px 11px;
    color: var(--muted);
    font-size: 12px;
    white-space: nowrap;
  }
  [hidden] {
    display: none;
  }
  .tip strong {
    font-weight: 600;
    color: var(--ink);
  }
  .tip dl {
    display: grid;
    grid-template-columns: auto auto;
    gap: 0 24px;
    margin: 4px 0 0;
  }
  .tip dd {
    margin: 0;
    text-align: end;
    font-weight: 500;
    color: var(--ink);
  }
  .chart:focus-visible {
    outline: 2px solid var(--accent-mark);
    outline-offset: 4px;
    border-radius: 4px;
  }
  .empty-axes {
    flex: none;
    grid-template: 1px 0 0 20px / minmax(0, 1fr) minmax(52px, auto);
    margin: 0;
  }
  .top .skeleton {
    width: 148px;
    height: 24px;
    margin-top: 4px;
  }
  .shape {
    fill: var(--skeleton);
  }
  .shape-bars {
    stroke: var(--skeleton);
    stroke-width: 10;
    stroke-dasharray: 8 6;
  }
  .hair,
  .point {
    position: absolute;
    top: 0;
    left: 0;
  }
  .hair {
    bottom: 20px;
    border-left: 1px dashed var(--muted);
    margin-left: -0.5px;
  }
  .point {
    width: 5px;
    height: 5px;
    margin: -4.5px;
    border: 2px solid var(--mark);
    border-radius: 50%;
    background: var(--surface);
  }
  @container (width < 392px) {
    .named-wide text,
    .top .key,
    .note,
    .dates text:not(.few) {
      display: none;
    }
  }
  @container (width >= 392px) {
    /* What is live and below it the drawdown, in the height of the hero. */
    .two {
      display: grid;
      grid: 16px 16px / minmax(0, auto) minmax(17px, 1fr) auto;
      column-gap: 6px;
      justify-items: end;
      font-size: 11px;
      line-height: 16px;
    }
    .two .hero {
      grid-row: 1 / 3;
      justify-self: stretch;
    }
    .two > :not(.hero) {
      max-width: 100%;
      margin: 0;
    }
  }
  @container (392px <= width < 700px) {
    .dates text:not(.some) {
      display: none;
    }
  }
  @container (width < 560px) {
    .fine {
      display: none;
    }
  }
  @container (width >= 560px) {
    .chart {
      grid-template-rows: minmax(0, 1fr) 12px 40px 20px;
    }
  }
  @container (width >= 700px) {
    .dates text:not(.many) {
      display: none;
    }
  }
  @container (height < 260px) {
    .bars,
    .bars + .scale {
      display: none;
    }
    .chart {
      grid-template-rows: minmax(0, 1fr) 0 0 20px;
    }
  }
  @container (height < 180px) {
    .dates,
    .scale text:not(.last) {
      display: none;
    }
    .chart {
      grid-template-rows: minmax(0, 1fr) 0 0 0;
    }
    .hair {
      bottom: 0;
    }
  }
`;
