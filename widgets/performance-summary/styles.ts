import { css } from 'lit';

/** As documented, in px. */
export const height = 380;

export const performanceSummaryStyles = css`
  :host {
    --card-height: ${height}px !important;
  }
  .main {
    flex: 1;
    display: flex;
    flex-direction: column;
    gap: 12px;
    min-height: 0;
  }
  .course {
    flex: 1;
    display: flex;
    flex-direction: column;
    gap: 8px;
    min-width: 0;
    min-height: 0;
  }
  /* Room for the dot at the curve's end, also at the lower edge. */
  .picture {
    flex: 1;
    min-height: 0;
    margin: 0 5px 4px 1px;
  }
  /* By its sign alone, whatever the accent. */
  .spark {
    --curve: initial;
    display: block;
    width: 100%;
    height: 100%;
    overflow: visible;
  }
  .spark svg {
    overflow: visible;
  }
  .zero {
    stroke: var(--zero);
    stroke-dasharray: 2 3;
    vector-effect: non-scaling-stroke;
  }
  .dot {
    fill: var(--muted);
    stroke: var(--surface);
    stroke-width: 4;
    paint-order: stroke;
  }
  .dot.gain {
    fill: var(--profit-mark);
  }
  .dot.loss {
    fill: var(--loss-mark);
  }
  .top {
    --space: 16px;
    flex: none;
    padding-top: 11px;
    border-top: 1px solid var(--line);
  }
  .top table {
    width: 100%;
    border-collapse: collapse;
    white-space: nowrap;
  }
  .top tr {
    height: 20px;
  }
  .top :is(th, td) {
    padding: 0;
    font-weight: 400;
    text-align: start;
  }
  .top tr:first-child th {
    font-size: 11px;
    color: var(--muted);
  }
  /* WebKit would widen both columns for a head that is wider than they are. */
  .top th[colspan] {
    max-width: 0;
  }
  .top th[scope='row'] {
    font-weight: 600;
    color: var(--ink);
  }
  .top bdi {
    display: block;
    max-width: 25cqw;
  }
  .top .part {
    width: 100%;
    padding-inline-start: 12px;
  }
  .top th[scope='col'] ~ th,
  .top td ~ td {
    padding-inline-start: var(--space);
    text-align: end;
  }
  .top td:last-child {
    max-width: 38cqw;
  }
  .top svg {
    display: block;
    width: 100%;
    min-width: 16px;
    height: 6px;
  }
  [dir] .top svg {
    transform: scaleX(-1);
  }
  [dir] .top :is(th, td) {
    text-align: right;
  }
  [dir] .top th[scope='col'] ~ th,
  [dir] .top td ~ td {
    text-align: left;
  }
  [dir][lang='en'] .top th[scope='col'] ~ th,
  [dir][lang='en'] .top td ~ td {
    direction: ltr;
    padding: 0 var(--space) 0 0;
  }
  .top rect {
    fill: var(--raised);
  }
  .top .count {
    fill: var(--accent-mark);
  }
  .course .skeleton {
    width: 184px;
    max-width: 100%;
    height: 28px;
    margin: 6px 0;
  }
  .course .skeleton + .skeleton {
    flex: 1;
    width: auto;
    margin: 0 0 4px;
  }
  .top .skeleton {
    height: 8px;
    margin: 12px 0;
  }
  .top .skeleton:first-child {
    width: 96px;
    margin: 6px 0;
  }
  .top .skeleton:last-child {
    margin-bottom: 6px;
  }
  @container (width < 640px) {
    .top .rate {
      display: none;
    }
  }
  @container (width < 392px) {
    .top .trades {
      display: none;
    }
  }
  @container (width < 340px) or (640px <= width < 900px) {
    .long .metrics {
      grid-template-columns: repeat(2, minmax(0, 1fr));
      row-gap: 8px;
    }
  }
  @container (width < 256px) {
    .top td:last-child {
      max-width: 35cqw;
    }
  }
  @container (width < 340px) {
    .long .metrics dd {
      line-height: 18px;
    }
    .long .top tr:nth-child(n + 4) {
      display: none;
    }
  }
  /* The curve takes the height that is left; more instruments only where there is plenty. */
  @container (width < 640px) and (height < 440px) {
    .top :is(tr, .skeleton):nth-child(n + 5) {
      display: none;
    }
    .top .skeleton:nth-child(4) {
      margin-bottom: 6px;
    }
  }
  @container (width >= 640px) {
    .main {
      display: grid;
      grid-template: minmax(0, 1fr) auto / minmax(0, 1fr) minmax(0, 1fr);
      gap: 12px 24px;
    }
    .top {
      grid-column: 1 / -1;
    }
    .metrics {
      align-content: space-evenly;
      gap: 0 12px;
    }
    .metrics > div {
      padding-inline-start: 12px;
      border-inline-start: 1px solid var(--line);
    }
  }
  @container (width >= 800px) {
    .main {
      grid-template-columns: minmax(0, 5fr) minmax(0, 4fr);
    }
    .metrics dd {
      font-size: 16px;
    }
    .top {
      --space: 40px;
    }
  }
  @container (height < 356px) {
    .top :is(tr, .skeleton):nth-child(n + 4) {
      display: none;
    }
  }
  @container (height < 336px) {
    .top {
      display: none;
    }
  }
  @container (width < 640px) and (height < 248px) {
    .metrics > :nth-child(n + 4) {
      display: none;
    }
  }
  @container (height < 200px) {
    .metrics {
      display: none;
    }
  }
`;
