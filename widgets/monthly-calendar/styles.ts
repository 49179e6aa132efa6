import { css } from 'lit';

/** As documented, in px. */
export const height = 380;

export const monthlyCalendarStyles = css`
  :host {
    --card-height: ${height}px !important;
  }
  .box {
    --gap: 3px;
  }
  .top {
    flex: none;
    display: flex;
    justify-content: space-between;
    gap: 12px;
    height: 32px;
    margin-bottom: 8px;
    white-space: nowrap;
  }
  .top .hero {
    flex: 0 1 auto;
    min-width: 0;
    margin-inline-start: -1.5px;
    font-size: 28px;
    line-height: 32px;
  }
  [dir] .top .hero {
    margin: 0;
  }
  .tally {
    padding-top: 13px;
    color: var(--muted);
  }
  .account + span::before {
    content: none;
  }
  .account {
    margin-inline-end: 4px;
  }
  button {
    flex: none;
    width: 24px;
    height: 24px;
    margin: -2px 0;
    padding: 4px;
    border: 0;
    border-radius: 6px;
    background: none;
    color: var(--muted);
    cursor: pointer;
  }
  button + button {
    margin-inline-end: -5px;
  }
  button:hover {
    background: var(--raised);
    color: var(--ink);
  }
  button:disabled {
    background: none;
    color: var(--zero);
    opacity: 0.6;
    cursor: default;
  }
  button .icon {
    display: block;
  }
  .stale {
    gap: 0;
  }
  .stale > .icon {
    margin-inline-end: 4px;
  }
  @container (width < 392px) {
    .stale button {
      display: none;
    }
  }
  button + button .icon,
  [dir] button {
    transform: scaleX(-1);
  }
  table {
    gap: 4px;
  }
  th {
    padding-inline: 5px;
    text-align: start;
  }
  .day > div {
    display: flex;
    flex-wrap: wrap;
    align-content: space-between;
    padding: 3px 5px;
    font-size: 11px;
    line-height: 14px;
  }
  .day {
    border-radius: 4px;
  }
  .day:not([data-near]) > div {
    color: var(--faint);
  }
  .day:not([class*='heat'], .rest) {
    background: var(--quiet);
  }
  .day div > span {
    flex: 1;
  }
  .day b {
    flex: 0 0 100%;
    min-width: 0;
    font-weight: 600;
  }
  td b,
  small {
    text-align: end;
  }
  [dir] :is(td b, small) {
    text-align: left;
  }
  .day small {
    display: none;
  }
  small {
    font: inherit;
  }
  .rest {
    flex: 0 0 28px;
  }
  /* At least as wide as the widest of its shortest texts. */
  .sum {
    flex: none;
    min-width: 60px;
    overflow: visible;
  }
  td.sum {
    align-content: center;
    padding-inline-start: 6px;
    text-align: end;
    color: var(--muted);
    font-size: 12px;
  }
  th.sum {
    padding: 0;
    text-align: end;
  }
  [dir] .sum {
    text-align: left;
  }
  .sum > * {
    width: 0;
    min-width: 100%;
  }
  td.sum {
    font-weight: 500;
  }
  .sum b {
    font-weight: inherit;
  }
  .sum small {
    font-size: 11px;
  }
  [aria-current] {
    outline: 1.5px solid var(--accent-mark);
    outline-offset: 1.5px;
  }
  [aria-current] :focus-visible {
    outline-color: var(--ink);
  }
  .top .skeleton {
    width: 148px;
    height: 24px;
  }
  .skeletons {
    flex: 1;
    display: flex;
    flex-direction: column;
    gap: 4px;
    padding-top: 20px;
  }
  .skeletons p {
    flex: 1;
    background: repeating-linear-gradient(
      90deg,
      var(--skeleton) 0 calc((100% - 20px) / 6),
      var(--surface) 0 calc((100% + 4px) / 6)
    );
  }
  @container (width < 392px) {
    .tally,
    .rest,
    tbody tr:not(:has(.day:not(.rest))),
    .sum small {
      display: none;
    }
    th,
    .day > div {
      padding-inline: 2px;
    }
    .sum {
      min-width: 38px;
    }
    td.sum {
      padding-inline-start: 2px;
      font-size: 11px;
    }
  }
  /* In narrow cells cents would fit, but look crowded. */
  @container (width < 640px) {
    .day b > .fit > span {
      display: none;
    }
  }
  @container (width >= 640px) {
    .rest {
      flex-basis: 48px;
    }
    .sum {
      min-width: 112px;
    }
    .day > div {
      padding: 3px 8px;
    }
    th {
      padding-inline: 8px;
    }
    .day b {
      font-size: 12px;
    }
    .day div > span {
      flex: none;
    }
    .day small {
      display: block;
      flex: 1 1 0;
      min-width: 0;
    }
  }
  @container (height < 340px) {
    .day > div {
      align-content: center;
      flex-wrap: nowrap;
      gap: 4px;
    }
    .day b {
      flex: 1 1 0;
      min-width: 0;
    }
    .day div > span {
      flex: none;
      min-width: 2ch;
    }
    .day small,
    .sum small {
      display: none;
    }
  }
  @container (width < 300px) and (height < 340px) {
    .sum {
      display: none;
    }
  }
  @container (height < 250px) {
    thead {
      display: none;
    }
  }
`;
