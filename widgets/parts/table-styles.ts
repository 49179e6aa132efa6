import { css } from 'lit';

/**
 * A table that fills the card below its main figure (at its side from 900 px), and scrolls within the
 * card when it has too many rows. Rows reach 8 px beyond the text at both ends.
 */
export const tableStyles = css`
  .list {
    --row: 28px;
    --gap: 3px;
    --rail: 0px;
    --space: 12px;
    --start: left;
    --end: right;
    flex: 1;
    display: flex;
    flex-direction: column;
    min-height: 0;
  }
  [dir] .list {
    --start: right;
    --end: left;
  }
  [dir] .hero {
    margin-inline-start: 0;
  }
  /* The scroll bar is in the card's padding: the table has the same width with and without it. */
  .scroll {
    flex: 0 1 auto;
    min-height: 0;
    margin: var(--gap) -15px 0 -8px;
    overflow: hidden auto;
    scroll-padding-block: 24px;
    scrollbar-color: var(--zero) transparent;
    scrollbar-width: thin;
  }
  [dir] .scroll {
    margin-inline: -8px -15px;
  }
  table {
    width: calc(100cqw - 16px - var(--rail));
    border-spacing: 0;
  }
  tr {
    background: var(--row-background, transparent);
  }
  tr::before,
  tr::after {
    content: '';
    display: table-cell;
    padding: 0 4px;
  }
  th,
  td {
    box-sizing: border-box;
    height: var(--row);
    padding: 0;
    font-weight: 400;
    text-align: var(--end);
    white-space: nowrap;
  }
  th:first-child {
    text-align: var(--start);
  }
  * + td,
  * + th {
    padding-inline-start: var(--space);
  }
  /* Left to right, as WebKit moves a text of another direction than its box by the box's padding. */
  [dir][lang='en'] * + :is(td, th) {
    direction: ltr;
    padding: 0 var(--space) 0 0;
  }
  thead {
    --row-background: var(--surface);
    position: sticky;
    top: 0;
    z-index: 2;
    font-size: 11px;
    color: var(--muted);
  }
  thead th {
    height: 24px;
  }
  .ruled tbody :is(th, td) {
    border-top: 1px solid var(--line);
  }
  tbody th {
    font-weight: 600;
    color: var(--ink);
  }
  /* Whatever the direction of its own text. */
  td bdi,
  th bdi {
    display: block;
    text-align: var(--start);
  }
  tbody tr {
    clip-path: inset(0 round 6px);
  }
  tbody tr:hover {
    --row-background: var(--raised);
  }
  tr[data-item]:focus-visible {
    outline-offset: -2px;
    border-radius: 6px;
  }
  .part {
    display: block;
    width: 100%;
    height: 6px;
    overflow: visible;
  }
  [dir] .part {
    transform: scaleX(-1);
  }
  .share {
    fill: var(--accent-mark);
  }
  /* Delayed: a row can be read by itself, so its tooltip waits until a pointer rests on it. */
  .tip {
    animation: tip 0s 0.5s backwards;
  }
  @keyframes tip {
    from {
      opacity: 0;
    }
  }
  .skeletons {
    margin-top: var(--gap);
    overflow: hidden;
  }
  .skeletons p {
    display: flex;
    align-items: center;
    justify-content: space-between;
    height: var(--row);
  }
  .skeletons p:first-child {
    height: 24px;
  }
  .skeletons i {
    width: 35%;
    height: 8px;
  }
  .skeletons i + i {
    width: 56px;
  }
  .lead p.skeleton {
    width: 96px;
    height: 28px;
  }
  .lead div p.skeleton {
    width: 112px;
    height: 8px;
    margin: 6px 0;
  }
  @container (width < 640px) {
    .roomy {
      display: none;
    }
  }
  @container (width < 900px) {
    .vast {
      display: none;
    }
  }
  @container (width >= 640px) {
    .list {
      --space: 24px;
    }
  }
  @container (width >= 900px) {
    .list {
      --rail: 224px;
      flex-direction: row;
      gap: 24px;
    }
    .list > :first-child {
      flex: none;
      display: block;
      width: 200px;
      height: auto;
    }
    .scroll,
    .list > .skeletons {
      flex: 1;
      margin-top: 0;
    }
  }
  @container (height < 168px) {
    .scroll,
    .list > .skeletons {
      display: none;
    }
  }
`;
