import { css } from 'lit';

/** As documented, in px. */
export const height = 180;

export const drawdownGaugeStyles = css`
  :host {
    --card-height: ${height}px !important;
  }
  .box {
    --caution-mark: light-dark(#b97c10, #e0a12f);
  }
  /* Amber is easily taken for this palette's orange. */
  :host([palette='cvd']) .box {
    --caution-mark: var(--muted);
    --caution: var(--muted);
  }
  .main {
    flex: 1;
    display: grid;
    grid-template: auto auto / auto minmax(0, 1fr);
    gap: 4px 24px;
    align-content: center;
    min-height: 0;
    white-space: nowrap;
  }
  .gauge {
    grid-row: 1 / 3;
    align-self: end;
    position: relative;
    /* Grows with its card, and leaves half of it to the figures. */
    width: clamp(177px, 200cqh - 183px, 45cqw);
    text-align: center;
  }
  .gauge svg {
    display: block;
    width: 100%;
  }
  .gauge p {
    position: absolute;
    inset: auto 0 8%;
    color: var(--muted);
    font-size: 11px;
  }
  .gauge strong {
    display: block;
    font-size: 20px;
    line-height: 24px;
    font-weight: 600;
    color: var(--ink);
  }
  .gauge path {
    fill: none;
    stroke-width: 2.5;
  }
  .track {
    stroke: var(--raised);
  }
  .safe {
    color: var(--profit);
    stroke: var(--profit-mark);
  }
  .caution {
    color: var(--caution);
    stroke: var(--caution-mark);
  }
  .danger,
  .breached {
    color: var(--loss);
    stroke: var(--loss-mark);
  }
  .gauge :is(.track, .used) {
    stroke-width: 12;
  }
  .gauge .tick {
    stroke: var(--ink);
    stroke-width: 16;
  }
  .zone {
    display: flex;
    align-items: center;
    gap: 4px;
    stroke: none;
  }
  .when + .zone::before {
    content: '·';
    margin-inline: 6px 2px;
    color: var(--muted);
  }
  .zone path {
    stroke-width: 1.75;
  }
  .zone .icon {
    width: 14px;
  }
  .now {
    min-width: 0;
    color: var(--muted);
  }
  .now .hero {
    margin-inline-start: -1.5px;
    font-size: 28px;
    line-height: 32px;
  }
  .wide {
    display: block;
  }
  .narrow,
  .rows > :nth-child(n + 3) {
    display: none;
  }
  small {
    font-size: inherit;
  }
  [dir] .gauge ~ .rows small {
    display: none;
  }
  .key {
    display: inline-block;
    width: 2px;
    height: 10px;
    margin-inline-end: 6px;
    vertical-align: -1px;
    background: var(--ink);
  }
  .free .key {
    display: none;
  }
  .free {
    grid-template: auto / minmax(0, 1fr) minmax(0, 1fr);
    align-items: center;
  }
  .free .rows > * {
    display: flex;
  }
  .free .rows > :nth-child(n + 5) {
    display: none;
  }
  .share {
    display: block;
    width: 100%;
    height: 6px;
    margin: 8px 0 4px;
  }
  [dir] .share {
    transform: scaleX(-1);
  }
  .share rect {
    fill: var(--raised);
  }
  .share .part {
    fill: var(--loss-mark);
  }
  .of {
    font-size: 11px;
  }
  .now .skeleton {
    width: 120px;
    height: 24px;
    margin: 4px 0;
  }
  .now .skeleton + .skeleton {
    height: 8px;
  }
  @media (prefers-reduced-motion: no-preference) {
    .used {
      transition:
        stroke-dasharray 240ms ease-out,
        stroke 240ms;
    }
  }
  @container (width < 392px) {
    .main:not(.free) {
      grid-template: auto auto / minmax(0, 1fr);
    }
    .gauge {
      grid-area: 1 / 1;
      justify-self: center;
      width: clamp(163px, 200cqh - 203px, 100%);
    }
    .disc,
    .stale .zone,
    .gauge p,
    .gauge ~ .now .wide,
    .gauge ~ .rows small,
    .share,
    .of {
      display: none;
    }
    .gauge ~ .now {
      grid-area: 1 / 1;
      place-self: end center;
      width: 128px;
      text-align: center;
      font-size: 11px;
    }
    .gauge ~ .now .hero {
      width: 108px;
      margin: auto;
      font-size: 20px;
      line-height: 24px;
    }
    .gauge ~ .now .fit {
      text-align: center;
    }
    .gauge ~ .now .narrow {
      display: block;
    }
    .gauge ~ .rows {
      display: flex;
      gap: 8px;
      justify-content: space-between;
    }
    .gauge ~ .rows > :first-child .fit {
      text-align: start;
    }
    .gauge ~ .rows > div {
      gap: 6px;
      height: 18px;
      min-width: 0;
      border: 0;
    }
    .gauge ~ .rows .key {
      display: none;
    }
    [dir] .gauge ~ .rows {
      gap: 6px;
      font-size: 11px;
    }
    [dir] .gauge ~ .rows > div {
      gap: 4px;
    }
    .free {
      grid-template: auto auto / minmax(0, 1fr);
    }
    .free .rows > :nth-child(n + 3) {
      display: none;
    }
  }
  @container (width < 300px) {
    .breached .icon,
    .account + span:has(.breached) > .slim {
      display: none;
    }
  }
  @container (width < 480px) {
    .gauge ~ .rows small,
    .with-date,
    .with-date + .zone::before {
      display: none;
    }
  }
  @container (width >= 640px) {
    .main {
      grid-template: auto / auto minmax(0, 1fr) minmax(0, 1fr);
      gap: 32px;
      align-items: center;
    }
    .gauge {
      grid-row: 1;
      width: clamp(177px, 200cqh - 183px, 28cqw);
    }
    .rows > :nth-child(-n + 4) {
      display: flex;
    }
    .free {
      grid-template: auto / minmax(0, 1fr) minmax(0, 1fr);
    }
  }
  @container (width >= 900px) {
    .main {
      grid-template-columns: auto minmax(0, 1fr) minmax(0, 2fr);
    }
    .free {
      grid-template-columns: minmax(0, 1fr) minmax(0, 2fr);
    }
    .rows {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      column-gap: 32px;
    }
    .main .rows > div {
      display: flex;
    }
  }
  @container (height < 160px) {
    .main .rows {
      display: none;
    }
    .gauge {
      width: clamp(80px, 200cqh - 160px, 177px);
    }
  }
`;
