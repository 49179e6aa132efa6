import { css } from 'lit';

/** As documented, in px. */
export const height = 420;
export const rowHeight = 28;
/** How many trades that height has room for: the latest stands above the rows. */
export const tradesInHeight = 10;

export const recentTradesStyles = css`
  :host,
  .box {
    height: ${height}px;
    contain-intrinsic-height: ${height}px !important;
  }
  .live {
    width: 6px;
    height: 6px;
    margin: 7px 6px 7px 0;
    border-radius: 50%;
    background: var(--accent-mark);
  }
  [dir] .live {
    margin: 7px 0 7px 6px;
  }
  .latest {
    flex: none;
    position: relative;
    height: 60px;
  }
  .latest > [data-item] {
    position: absolute;
    inset: 0;
  }
  .about {
    display: flex;
    gap: 0 8px;
    height: 16px;
    margin-top: 2px;
    white-space: nowrap;
    color: var(--muted);
  }
  .about > * {
    flex: none;
    min-width: 0;
  }
  .about > bdi {
    max-width: 40%;
    font-weight: 600;
    color: var(--ink);
  }
  .about .side {
    color: var(--ink-2);
  }
  .about div.medium {
    flex: 0 1 auto;
    display: flex;
    gap: 4px;
  }
  .when {
    margin-inline-start: auto;
    white-space: pre;
  }
  .side {
    display: flex;
    align-items: center;
    gap: 4px;
    max-width: 84px;
  }
  [dir][lang='en'] td .side {
    direction: rtl;
    margin-left: auto;
  }
  .side .fit {
    flex: 1;
    min-width: 0;
  }
  .side .icon {
    width: 12px;
    height: 12px;
    stroke: var(--accent-mark);
    stroke-width: 2;
  }
  tr > :nth-child(2) {
    text-align: var(--start);
  }
  /* The account; how long it was held. */
  .several tr > :nth-child(3),
  .one tr > :nth-child(4) {
    width: 100%;
    max-width: 0;
  }
  tr > :nth-child(3) {
    text-align: var(--start);
  }
  tr > :nth-child(4) {
    max-width: 72px;
  }
  .one tr > :nth-child(3) {
    display: none;
  }
  th bdi {
    max-width: 64px;
  }
  .long .icon {
    transform: scaleY(-1);
  }
  .lead {
    display: block;
    height: 60px;
    padding-top: 6px;
    box-sizing: border-box;
  }
  .lead > p.bone {
    width: 144px;
  }
  .lead p + p {
    display: none;
  }
  @container (width < 392px) {
    .about .side {
      flex-shrink: 1;
    }
    .about div.medium {
      display: none;
    }
    tr > :nth-child(2) {
      width: 100%;
      max-width: 0;
    }
    tr > :is(:nth-child(3), :nth-child(4), :nth-child(7)) {
      display: none;
    }
  }
  @container (width < 560px) {
    :is(.several, .long) tr > :nth-child(7) {
      display: none;
    }
  }
  @container (width < 640px) {
    tr > :is(:nth-child(5), :nth-child(6)) {
      display: none;
    }
  }
  @container (width < 800px) {
    .long tr > :is(:nth-child(5), :nth-child(6)) {
      display: none;
    }
  }
  @container (width >= 640px) {
    th bdi {
      max-width: 120px;
    }
    .one tr > :not(:nth-child(4)),
    .several tr > :not(:nth-child(3)) {
      width: 12%;
    }
  }
  @container (width >= 900px) {
    .about div.medium {
      max-width: 100%;
    }
    .about {
      flex-wrap: wrap;
      height: auto;
    }
    .when {
      width: 100%;
    }
  }
`;
