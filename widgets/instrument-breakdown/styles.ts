import { css } from 'lit';

/** As documented, in px. */
export const height = 260;
export const rowHeight = 28;
/** How many rows that height has room for. */
export const rowsInHeight = 4;

export const instrumentBreakdownStyles = css`
  :host {
    --card-height: ${height}px !important;
  }
  .col-share {
    width: 100%;
    max-width: 0;
    text-align: var(--start);
  }
  th bdi {
    max-width: 56px;
  }
  /* Shows whole rows only, without a scroll bar. */
  .scroll {
    --above: 147px;
    position: relative;
    overflow: hidden;
    max-height: calc(24px + round(down, 100cqh - var(--above), var(--row)));
  }
  /* Of these lines only that over the last visible row is shown. */
  .more {
    position: absolute;
    inset: 24px 15px 0 8px;
    overflow: hidden;
    clip-path: inset(calc(100% - var(--row)) 0 0);
    color: var(--muted);
    pointer-events: none;
  }
  [dir] .more {
    inset-inline: 8px 15px;
  }
  .more p {
    box-sizing: border-box;
    height: var(--row);
    line-height: 27px;
    border-top: 1px solid var(--line);
    background: var(--surface);
    pointer-events: auto;
  }
  .scroll:focus-within .more {
    display: none;
  }
  .bar {
    display: flex;
    align-items: center;
    gap: 12px;
  }
  .bar .part {
    flex: 1;
    width: 0;
  }
  .track {
    fill: var(--raised);
  }
  tr:hover .track {
    fill: var(--line);
  }
  .bar span {
    flex: none;
    min-width: 44px;
    text-align: var(--end);
  }
  @container (width < 256px) {
    .list {
      --space: 8px;
    }
  }
  @container (width < 300px) {
    .long .col-share {
      display: none;
    }
    .long .col-symbol {
      width: 100%;
      max-width: 0;
    }
    .long th bdi {
      max-width: none;
    }
  }
  @container (width < 392px) {
    .col-rate {
      display: none;
    }
  }
  @container (width < 640px) {
    .col-factor {
      display: none;
    }
  }
  @container (width < 900px) {
    .col-average {
      display: none;
    }
  }
  @container (width >= 900px) {
    .scroll {
      --above: 104px;
    }
  }
  @container (width >= 392px) {
    th bdi {
      max-width: 72px;
    }
  }
  @container (width >= 640px) {
    th bdi {
      max-width: 120px;
    }
  }
`;
