import { css } from 'lit';

/** As documented, in px. */
export const height = 280;

export const statsCardStyles = css`
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
  .label {
    margin-top: 4px;
    color: var(--muted);
  }
  .rows {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto auto;
    align-content: start;
    min-height: 120px;
    margin: 0;
  }
  .row {
    grid-column: 1 / -1;
    display: grid;
    grid-template: 16px 16px / subgrid;
    align-content: center;
    align-items: center;
    height: 40px;
    box-sizing: border-box;
    border-top: 1px solid var(--line);
  }
  dd {
    margin: 0;
  }
  .detail {
    grid-area: 2 / 1;
    font-size: 11px;
    color: var(--muted);
  }
  .picture,
  .value {
    grid-row: 1 / 3;
  }
  .picture svg {
    display: block;
    width: 80px;
    height: 16px;
    margin-inline-start: 16px;
  }
  [dir] .value {
    text-align: left;
  }
  [dir] .picture svg {
    transform: scaleX(-1);
  }
  .value {
    min-width: 52px;
    margin-inline-start: 12px;
    text-align: end;
    font-size: 16px;
    line-height: 20px;
    font-weight: 600;
    color: var(--ink);
  }
  .filled {
    fill: var(--profit-mark);
  }
  .hollow {
    fill: none;
    stroke: var(--loss-mark);
    vector-effect: non-scaling-stroke;
  }
  .stripes {
    stroke: var(--accent-mark);
    vector-effect: non-scaling-stroke;
  }
  .skeletons p {
    width: 184px;
    max-width: 100%;
    height: 28px;
    margin: 6px 0;
  }
  .skeletons p + p {
    width: 144px;
    height: 8px;
    margin: 10px 0 4px;
  }
  .row .skeleton {
    width: 64px;
    height: 8px;
  }
  .row .skeleton:nth-child(2) {
    grid-area: 2 / 1;
    width: 112px;
  }
  .row .skeleton:nth-child(3) {
    grid-area: 1 / 2 / 3;
    width: 80px;
    height: 6px;
  }
  .row .skeleton:nth-child(4) {
    grid-area: 1 / 3 / 3;
    justify-self: end;
    width: 44px;
    height: 12px;
    margin-inline-start: 20px;
  }
  @container (width < 392px) {
    .row {
      grid-template-columns: minmax(0, 1fr) auto;
    }
    .value {
      min-width: 0;
    }
    .picture,
    .row .skeleton:nth-child(3) {
      display: none;
    }
  }
  @container (width >= 640px) {
    .rows {
      grid-template-columns: repeat(3, minmax(0, 1fr));
      gap: 24px;
      min-height: 105px;
      box-sizing: border-box;
      padding-top: 16px;
      border-top: 1px solid var(--line);
    }
    .row {
      grid-column: auto;
      grid-template: 16px 28px 28px 16px / minmax(0, 1fr);
      height: auto;
      border: 0;
    }
    .row + .row {
      padding-inline-start: 24px;
      border-inline-start: 1px solid var(--line);
    }
    .row .value,
    .row .skeleton:nth-child(4) {
      grid-area: 2 / 1;
      justify-self: start;
      min-width: 0;
      padding: 0;
      margin: 0;
      font-size: 20px;
    }
    .row .picture,
    .row .skeleton:nth-child(3) {
      grid-area: 3 / 1;
    }
    .picture svg {
      width: 120px;
      margin: 0;
    }
    .row .detail,
    .row .skeleton:nth-child(2) {
      grid-area: 4 / 1;
    }
  }
  @container (height < 268px) {
    .label,
    .skeletons p + p {
      display: none;
    }
  }
  @container (height < 248px) {
    .rows {
      min-height: 0;
    }
    .row:nth-child(3) {
      display: none;
    }
  }
  @container (height < 208px) {
    .row:nth-child(2) {
      display: none;
    }
  }
`;
