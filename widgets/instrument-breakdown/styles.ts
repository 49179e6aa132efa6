import { css } from 'lit';

/** As documented, in px. */
export const height = 260;
export const rowHeight = 28;
/** How many rows that height has room for. */
export const rowsInHeight = 4;

export const instrumentBreakdownStyles = css`
  :host,
  .box {
    height: ${height}px;
    contain-intrinsic-height: ${height}px !important;
  }
  tr > :nth-child(2) {
    width: 100%;
    max-width: 0;
    text-align: var(--start);
  }
  th bdi {
    max-width: 56px;
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
  @supports (-moz-appearance: none) {
    @media print {
      tr > :nth-child(n + 5):not(:last-child) {
        display: none;
      }
    }
  }
  @container (width < 392px) {
    tr > :nth-child(4) {
      display: none;
    }
  }
  @container (width < 640px) {
    tr > :nth-child(5) {
      display: none;
    }
  }
  @container (width < 900px) {
    tr > :nth-child(6) {
      display: none;
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
