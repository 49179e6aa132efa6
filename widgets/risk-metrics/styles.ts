import { css } from 'lit';

/** As documented, in px. */
export const height = 320;

export const riskMetricsStyles = css`
  :host {
    --card-height: ${height}px !important;
  }
  section {
    justify-content: flex-start;
  }
  .head {
    display: flex;
    gap: 20px;
    align-items: center;
    justify-content: space-between;
  }
  .head .lead {
    flex: 0 1 auto;
    min-width: 0;
  }
  .strip {
    flex: none;
    width: 148px;
    direction: ltr;
  }
  .strip svg {
    display: block;
    width: 100%;
    height: 20px;
    overflow: visible;
  }
  .strip .labels {
    height: 14px;
    margin-top: 2px;
  }
  text {
    font-size: 11px;
    fill: var(--faint);
  }
  .strip path {
    fill: none;
    stroke-width: 1.5;
    vector-effect: non-scaling-stroke;
  }
  .strip .axis {
    stroke: var(--zero);
    stroke-width: 1;
  }
  .gains {
    stroke: var(--profit-mark);
  }
  .losses {
    stroke: var(--loss-mark);
  }
  .rows {
    margin-top: auto;
  }
  .lead .skeleton {
    width: 72px;
    height: 28px;
  }
  .lead div .skeleton {
    width: 96px;
    height: 8px;
  }
  .lead div .skeleton + .skeleton {
    margin-top: 8px;
  }
  @container (width < 640px) and (height < 488px) {
    .rows > :nth-child(n + 8) {
      display: none;
    }
  }
  @container (width < 392px) {
    .strip {
      display: none;
    }
  }
  @container (width < 392px) or (640px <= width < 800px) {
    .rows dt span {
      display: none;
    }
  }
  @container (392px <= width < 480px) {
    .head .hero {
      font-size: 28px;
    }
  }
  @container (width >= 640px) {
    .strip {
      width: 40%;
    }
    .rows {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      grid-auto-flow: dense;
      column-gap: 32px;
    }
    .rows > * {
      grid-column: 1;
    }
    .rows > :nth-child(n + 8) {
      grid-column: 2;
    }
  }
  @container (height < 292px) {
    .rows > :nth-child(7n) {
      display: none;
    }
  }
  @container (height < 268px) {
    .rows > :nth-child(7n + 6) {
      display: none;
    }
  }
  @container (height < 244px) {
    .rows > :nth-child(7n + 5) {
      display: none;
    }
  }
  @container (height < 220px) {
    .rows > :nth-child(7n + 4) {
      display: none;
    }
  }
  @container (height < 196px) {
    .rows > :nth-child(7n + 3) {
      display: none;
    }
  }
  @container (height < 172px) {
    .rows {
      display: none;
    }
  }
`;
