import { css } from 'lit';

/** As documented, in px. */
export const height = 240;

/** How many results a narrow card shows, and any other. */
export const fewResults = 12;
export const manyResults = 20;

export const winStreakStyles = css`
  :host {
    --card-height: ${height}px !important;
  }
  .main {
    flex: 1;
    display: flex;
    flex-direction: column;
    justify-content: space-between;
    min-height: 0;
  }
  /* Time runs from left to right in every language. */
  .strip {
    --disc: 14px;
    flex: 0 1 auto;
    min-height: 0;
    direction: ltr;
  }
  ol {
    display: flex;
    justify-content: flex-end;
    height: calc(2 * var(--disc) + 18px);
    margin: 0;
    padding: 0;
    list-style: none;
    background: linear-gradient(var(--zero), var(--zero)) center / 100% 1px no-repeat;
  }
  li {
    flex: 0 0 ${100 / manyResults}%;
    position: relative;
    display: flex;
    align-items: center;
    justify-content: center;
  }
  li svg {
    position: relative;
    width: var(--disc);
    height: var(--disc);
    margin: 3px 0;
    fill: none;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .W {
    align-items: flex-start;
  }
  .L {
    align-items: flex-end;
    stroke: var(--loss-mark);
  }
  .W circle {
    fill: var(--profit-mark);
  }
  .W path {
    stroke: var(--surface);
  }
  .B {
    stroke: var(--ink-2);
  }
  .B path {
    stroke-width: 3;
  }
  /* Each result of the current streak draws its part of the capsule around it. */
  .run::before {
    content: '';
    position: absolute;
    inset-inline: 0;
    height: calc(var(--disc) + 3px);
    border: solid var(--accent-mark);
    border-width: 1.5px 0;
    background: color-mix(in srgb, var(--accent-mark) 14%, transparent);
  }
  .start::before {
    border-left-width: 1.5px;
    border-start-start-radius: 99px;
    border-end-start-radius: 99px;
  }
  .run:last-child::before {
    border-right-width: 1.5px;
    border-start-end-radius: 99px;
    border-end-end-radius: 99px;
  }
  .strip p {
    display: flex;
    justify-content: space-between;
    margin-top: 2px;
    font-size: 11px;
    color: var(--faint);
    white-space: nowrap;
  }
  .few {
    display: none;
  }
  .metrics {
    /* The last column has the counts in short form. */
    grid-template-columns: minmax(0, max-content) minmax(0, max-content) minmax(112px, 1fr);
    gap: 24px;
    padding-top: 7px;
    border-top: 1px solid var(--line);
  }
  .lead .skeleton {
    width: 28px;
    height: 28px;
  }
  .lead div .skeleton {
    width: 96px;
    height: 8px;
  }
  .lead div .skeleton + .skeleton {
    margin-top: 8px;
  }
  .strip .skeleton {
    height: 8px;
    margin: 19px 0 37px;
  }
  @container (width < 392px) {
    li {
      flex-basis: ${100 / fewResults}%;
    }
    li:nth-last-child(n + ${fewResults + 1}),
    .many,
    .metrics > :nth-child(3) {
      display: none;
    }
    .few {
      display: inline;
    }
    .metrics {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
  @container (width >= 640px) {
    .main {
      display: grid;
      grid-template: auto minmax(0, 1fr) / repeat(2, minmax(0, auto));
      justify-content: space-between;
      gap: 0 24px;
      align-items: center;
    }
    .strip {
      --disc: 24px;
      grid-area: 2 / 1 / 3 / 3;
    }
    .metrics {
      grid-template-columns: repeat(3, minmax(0, max-content));
      gap: 0;
      padding: 0;
      border: 0;
    }
    .metrics > div {
      padding-inline: 16px;
      border-inline-start: 1px solid var(--line);
    }
    .metrics > :last-child {
      padding-inline-end: 0;
    }
    .strip .skeleton {
      margin: 29px 0 47px;
    }
  }
  @container (width >= 800px) {
    .strip {
      --disc: 30px;
    }
    li svg {
      stroke-width: 1.2;
    }
    .strip .skeleton {
      margin: 35px 0 53px;
    }
  }
  @container (height < 228px) {
    .strip p {
      display: none;
    }
  }
  @container (width < 640px) and (height < 212px) {
    .metrics {
      display: none;
    }
  }
  @container (height < 164px) {
    .strip {
      display: none;
    }
  }
`;
