import { css } from 'lit';

/** Grids with cells coloured by heat steps, and with texts in them that are shortened together. */
export const heatStyles = css`
  .box {
    --heat-gain: light-dark(#2fa174, #177a51);
    --heat-loss: light-dark(#e6676b, #ad3b42);
    --quiet: color-mix(in srgb, var(--raised) 50%, var(--surface));
  }
  :host([palette='cvd']) .box {
    --heat-gain: light-dark(#4a92dd, #1d66b3);
    --heat-loss: light-dark(#dd7b33, #a34e12);
  }
  .heat1,
  .heat-1 {
    --part: 30%;
  }
  .heat2,
  .heat-2 {
    --part: 50%;
  }
  .heat3,
  .heat-3 {
    --part: 74%;
  }
  .heat4,
  .heat-4 {
    --part: 100%;
  }
  [class*='heat'] {
    background: color-mix(in srgb, var(--heat-gain) var(--part), var(--surface));
  }
  [class*='heat-'] {
    background: color-mix(in srgb, var(--heat-loss) var(--part), var(--surface));
  }
  .heat0 {
    background: light-dark(#e6e8ec, #2a2e36);
  }
  @media (forced-colors: active) {
    [class*='heat'] {
      outline: 1px solid;
    }
    [class*='heat'].ring {
      outline-width: 3px;
    }
  }
  /* By flex boxes, as the layout of tables doesn't share space evenly. */
  table,
  tbody {
    flex: 1;
    display: flex;
    flex-direction: column;
    gap: var(--gap);
    min-width: 0;
    min-height: 0;
  }
  thead {
    display: block;
    flex: none;
    font-size: 11px;
    color: var(--faint);
  }
  tr {
    flex: 1 1 0;
    display: flex;
    gap: var(--gap);
    min-height: 0;
  }
  td,
  th {
    flex: 1 1 0;
    box-sizing: border-box;
    min-width: 0;
    padding: 0;
    font-weight: 400;
    white-space: nowrap;
  }
  td {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }
  /* The gaps between cells belong to the cells: there is something to point at everywhere. */
  tbody td {
    position: relative;
  }
  td[data-near]::before {
    content: '';
    position: absolute;
    inset: calc(var(--gap) / -2);
  }
  [data-item] {
    position: absolute;
    inset: 0;
  }
  td > div {
    position: relative;
    color: var(--ink);
    border-radius: inherit;
    cursor: default;
  }
  [data-room]::after {
    content: attr(data-room);
    display: block;
    width: min-content;
    height: 0;
    white-space: normal;
    word-break: keep-all;
    visibility: hidden;
  }
`;
