import { css } from 'lit';

/** As documented, in px. */
export const height = 420;
export const rowHeight = 28;
/** How many trades that height has room for: the latest, and the rows below it. */
export const tradesInHeight = 10;

export const recentTradesStyles = css`
  :host {
    --card-height: ${height}px !important;
  }
  /* Beside whose trades these are there is nothing more to say. */
  .account + span::before,
  .account + span > .slim::after {
    content: none;
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
  .col-side {
    text-align: var(--start);
  }
  .several .col-account,
  .one .col-held {
    width: 100%;
    max-width: 0;
  }
  .col-account {
    text-align: var(--start);
  }
  .col-held {
    max-width: 72px;
  }
  .one .col-account {
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
  .lead > p.skeleton {
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
    .col-side {
      width: 100%;
      max-width: 0;
    }
    :is(.col-account, .col-held, .col-closed) {
      display: none;
    }
  }
  @container (width < 560px) {
    :is(.several, .long) .col-closed {
      display: none;
    }
  }
  @container (width < 640px) {
    :is(.col-entry, .col-exit) {
      display: none;
    }
  }
  @container (width < 800px) {
    .long :is(.col-entry, .col-exit) {
      display: none;
    }
  }
  @container (width >= 640px) {
    th bdi {
      max-width: 120px;
    }
    .one tr > :not(.col-held),
    .several tr > :not(.col-account) {
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
