import { css } from 'lit';

/** As documented, in px. */
export const height = 400;
export const rowHeight = 24;
/** How many rows that height has room for. */
export const rowsInHeight = 10;

export const leaderboardStyles = css`
  :host {
    --card-height: ${height}px !important;
  }
  .list {
    --row: ${rowHeight}px;
    --gap: 14px;
  }
  .col-trader {
    width: 100%;
    max-width: 0;
  }
  .rank {
    display: inline-block;
    width: 20px;
    margin-inline-end: 12px;
    text-align: center;
    font-weight: 400;
    color: var(--muted);
  }
  .medal {
    box-sizing: border-box;
    border: 1.5px solid var(--medal);
    border-radius: 10px;
    font-size: 11px;
    line-height: 17px;
    font-weight: 600;
    color: var(--ink);
  }
  .medal-1 {
    --medal: light-dark(#ad7b0c, #d9a93a);
  }
  .medal-2 {
    --medal: light-dark(#7b8595, #9aa5b3);
  }
  .medal-3 {
    --medal: light-dark(#b0672f, #c4834f);
  }
  .trader {
    display: flex;
    align-items: center;
  }
  /* A note after the nickname wraps out of sight rather than cutting it. */
  .name {
    flex: 1;
    display: flex;
    flex-wrap: wrap;
    column-gap: 8px;
    min-width: 0;
    height: 16px;
    overflow: hidden;
  }
  .name bdi {
    max-width: 100%;
    font-weight: 400;
  }
  .name small {
    font-size: 11px;
    font-weight: 400;
    color: var(--muted);
  }
  .trader .roomy {
    flex: none;
    width: 45%;
    margin-inline-start: 12px;
  }
  .won {
    fill: var(--profit-mark);
  }
  .lost {
    fill: var(--loss-mark);
  }
  .zero {
    stroke: var(--zero);
  }
  /* The account's own row stays in view while the others scroll. */
  .own {
    --row-background: color-mix(in srgb, var(--accent-mark) 14%, var(--surface));
    position: sticky;
    top: 24px;
    bottom: 0;
    z-index: 1;
  }
  .own:hover {
    --row-background: color-mix(in srgb, var(--accent-mark) 20%, var(--surface));
  }
  .own bdi {
    font-weight: 600;
  }
  .own .gain {
    color: color-mix(in srgb, var(--profit) 80%, var(--ink));
  }
  .own .loss {
    color: color-mix(in srgb, var(--loss) 80%, var(--ink));
  }
  button {
    height: 24px;
    padding: 0;
    border: 0;
    background: none;
    font: inherit;
    color: inherit;
    cursor: pointer;
  }
  button:hover,
  [aria-sort='descending'] button {
    color: var(--ink);
  }
  [aria-sort='descending'] button {
    font-weight: 600;
  }
  [aria-sort='descending'] button::before {
    content: '';
    display: inline-block;
    width: 7px;
    height: 5px;
    margin-inline-end: 6px;
    vertical-align: 2px;
    background: var(--accent-mark);
    clip-path: polygon(0 0, 100% 0, 50% 100%);
  }
  .list:has(tbody + tbody) {
    --gap: 8px;
  }
  tbody + tbody {
    position: sticky;
    bottom: 0;
    z-index: 1;
    background: var(--surface);
  }
  tbody + tbody::before {
    content: '';
    display: block;
    height: 6px;
  }
  /* The tenth leader makes room for the own row. */
  @container (height < 424px) {
    tbody:not(:last-child) tr:nth-child(10):last-child {
      display: none;
    }
  }
  @container (width < 392px) {
    .by-pnl :is(.col-win_rate, .col-trades),
    .by-win_rate :is(.col-pnl, .col-trades),
    .by-trades :is(.col-pnl, .col-win_rate) {
      display: none;
    }
  }
`;
