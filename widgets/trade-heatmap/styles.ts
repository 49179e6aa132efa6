import { css } from 'lit';

/** As documented, in px. */
export const height = 200;

export const tradeHeatmapStyles = css`
  :host {
    --card-height: ${height}px !important;
  }
  .box {
    --gap: 2px;
  }
  header {
    margin-bottom: 4px;
  }
  .main {
    flex: 1;
    display: flex;
    flex-direction: column;
    gap: 6px;
    min-height: 0;
  }
  .extremes {
    flex: none;
    display: flex;
    gap: 16px;
    white-space: nowrap;
  }
  .extremes > div {
    flex: 1 1 0;
    min-width: 0;
  }
  .extreme {
    font-size: 16px;
    line-height: 20px;
    font-weight: 600;
    color: var(--ink);
  }
  .extreme svg {
    margin-inline-start: 6px;
  }
  [dir][lang='en'] .extreme svg {
    margin-inline: 4px;
  }
  .extreme small,
  .when {
    font-size: 11px;
    font-weight: 400;
    color: var(--muted);
  }
  .extreme small {
    margin-inline-start: 5px;
  }
  .when span::before {
    content: '·';
    margin: 0 6px;
  }
  .name,
  .when,
  .when span {
    display: none;
  }
  .map {
    flex: 1;
    display: grid;
    grid-template: minmax(0, 1fr) 14px / minmax(0, 1fr) auto;
    column-gap: 12px;
    min-height: 0;
    direction: ltr;
    font-size: 11px;
    line-height: 13px;
    text-align: center;
  }
  table {
    grid-area: 1 / 1 / 3;
    gap: 0;
  }
  /* The hours are below the cells. */
  thead {
    order: 1;
    height: 14px;
    line-height: 16px;
  }
  tr > :first-child {
    flex: 0 0 30px;
    text-align: left;
  }
  tbody tr {
    align-items: center;
    color: var(--muted);
  }
  tbody td {
    align-self: stretch;
    border-radius: 3px;
  }
  td > [aria-hidden] {
    display: grid;
    align-items: center;
    min-width: 0;
    padding-inline: 2px;
    overflow: hidden;
  }
  tbody td:not([class]) {
    outline: 1px solid var(--line);
    outline-offset: -1px;
  }
  .heat1,
  .heat-1,
  .heat0 {
    --ink: var(--ink-2);
  }
  .heat3,
  .heat4,
  .heat-3,
  .heat-4 {
    font-weight: 500;
  }
  .ring {
    outline: 1.25px solid var(--ink);
  }
  .scale {
    display: grid;
    grid-template: 1fr auto 1fr / 6px auto;
    column-gap: 6px;
    text-align: end;
    color: var(--faint);
  }
  .scale div {
    grid-area: 1 / 1 / 4;
    display: flex;
    flex-direction: column;
    gap: 1px;
  }
  .scale i {
    flex: 1;
    border-radius: 1px;
  }
  .scale :last-child {
    align-self: end;
  }
  .extremes .skeleton {
    flex: 0 1 160px;
    height: 12px;
    margin: 4px 0;
  }
  .skeletons {
    grid-area: 1 / 1 / 2 / 3;
    display: flex;
    flex-direction: column;
    gap: 2px;
  }
  .skeletons p {
    flex: 1;
    border-radius: 3px;
  }
  .many-hours td > [aria-hidden] {
    padding-inline: 1px;
  }
  @container (width < 392px) {
    .main {
      gap: 4px;
    }
    .extreme {
      line-height: 18px;
    }
    .extreme small {
      display: none;
    }
    .when {
      display: flex;
      line-height: 14px;
    }
    .map {
      column-gap: 8px;
    }
    tr > :first-child {
      flex-basis: 24px;
    }
    thead th:not(.few) {
      clip-path: inset(50%);
    }
    td > [aria-hidden] {
      padding: 0;
    }
    .many-hours tr {
      gap: 1px;
    }
    .many-hours tbody td {
      border-radius: 1px;
    }
    /* Too narrow even for a sign: a gain is marked at the top, a loss at the bottom. */
    .many-hours td .fit {
      visibility: hidden;
    }
    .many-hours [class*='heat']:where(:not(.heat0)) > div {
      box-shadow: inset 0 2px var(--profit-mark);
    }
    .many-hours [class*='heat-'] > div {
      box-shadow: inset 0 -2px var(--loss-mark);
    }
    .extremes .skeleton {
      height: 24px;
    }
  }
  @container (width < 800px) {
    .with-trades td > [aria-hidden] > .fit > span {
      display: none;
    }
  }
  @container (392px <= width < 800px) {
    thead th:not(.some) {
      clip-path: inset(50%);
    }
  }
  @container (392px <= width < 560px) {
    .long small {
      display: none;
    }
    .long .when {
      display: flex;
    }
  }
  @container (width >= 800px) {
    thead th:not(.many) {
      clip-path: inset(50%);
    }
  }
  @container (width >= 800px) and (height >= 188px) {
    .main {
      flex-direction: row;
      gap: 24px;
    }
    .extremes {
      flex: 0 0 176px;
      flex-direction: column;
      gap: 8px;
    }
    .extremes > div {
      flex: none;
    }
    .extreme {
      font-size: 20px;
      line-height: 24px;
    }
    .extreme small {
      display: none;
    }
    .name,
    .when,
    .when span {
      display: flex;
      color: var(--muted);
    }
    .extremes .skeleton {
      flex: none;
      height: 40px;
      margin: 8px 32px 8px 0;
    }
  }
  /* Low cells have room for a sign, but not for a figure. */
  @container (height < 232px) {
    .many-days td .fit > span {
      display: none;
    }
  }
  @container (height < 188px) {
    td .fit > span {
      display: none;
    }
  }
  @container (height < 172px) {
    :is(.extreme small, .when)::after {
      content: '\\a0' attr(data-place);
    }
    thead,
    .many-days,
    .many-days + .scale {
      display: none;
    }
  }
  @container (height < 152px) {
    .map {
      display: none;
    }
  }
`;
