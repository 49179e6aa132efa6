import { css } from 'lit';

/** The card, its header and footer, figures that shrink to fit, and the states without figures. */
export const cardStyles = css`
  /* Inline, so that an underline of the text around the element doesn't continue in it. */
  section {
    box-sizing: border-box;
    width: 100%;
    height: 100%;
    position: relative;
    padding: 15px 15px 35px;
    border: 1px solid var(--line);
    border-radius: var(--pt-radius, 12px);
    background: var(--surface);
    display: inline-flex;
    flex-direction: column;
    vertical-align: top;
    overflow: hidden;
  }
  section:not([dir]) {
    direction: ltr;
  }
  /* The words of its language are being loaded. */
  section:not([lang]) :is(h2, footer) {
    visibility: hidden;
  }
  /* The document of a shell hides the picture until all of it has arrived. */
  section > * {
    visibility: var(--arriving);
  }
  /* Without a doctype a table inherits no font. */
  table {
    font: inherit;
    color: inherit;
    white-space: inherit;
    text-align: inherit;
  }
  h2,
  p {
    margin: 0;
    font: inherit;
  }
  header,
  footer {
    display: flex;
    flex: none;
    gap: 12px;
    justify-content: space-between;
    white-space: nowrap;
  }
  header {
    height: 20px;
    margin-bottom: 8px;
    line-height: 20px;
    color: var(--muted);
  }
  h2,
  bdi,
  footer span,
  .whole {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  h2 {
    flex: none;
    font-size: 13px;
    font-weight: 600;
    color: var(--ink);
  }
  header p,
  .partner {
    display: flex;
    min-width: 0;
  }
  .account + span {
    display: flex;
  }
  .account + span > .slim::after,
  .account + span::before {
    content: '·';
    margin: 0 6px;
  }
  .gain {
    color: var(--profit);
  }
  .loss {
    color: var(--loss);
  }
  b {
    font-weight: 500;
  }
  .stale {
    gap: 4px;
    align-items: center;
    color: var(--caution);
  }
  /* Placed by a transform: when the frame grows, moving down this way is no layout shift. */
  footer {
    position: absolute;
    inset: 0 15px auto;
    transform: translateY(calc(100cqh - 29px));
    height: 16px;
    font-size: 11px;
    color: var(--faint);
  }
  .by {
    flex: none;
    margin-inline-start: auto;
  }
  .partner {
    gap: 6px;
    color: var(--muted);
  }
  picture {
    display: contents;
  }
  source {
    display: none;
  }
  img {
    height: 16px;
    max-width: min(96px, 100%);
    border-radius: 3px;
    object-fit: contain;
  }
  .icon {
    width: 16px;
    height: 16px;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.25;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .stale .icon {
    width: 14px;
  }
  .hero {
    flex: none;
    margin-inline-start: -2px;
    font-size: 36px;
    line-height: 40px;
    font-weight: 600;
    letter-spacing: -0.025em;
    color: var(--ink);
  }
  /*
   * fitText(): the shorter text has no width of its own, and the longer one grows to the whole line. Where
   * the longer one doesn't fit it wraps out of sight, and the shorter one has the line.
   */
  .fit {
    display: flex;
    flex-wrap: wrap;
    height: 1lh;
    overflow: hidden;
    white-space: nowrap;
  }
  .fit > i {
    flex: 1 0 0;
    width: 0;
    min-width: 0;
    height: 1lh;
    overflow: hidden;
    font-style: normal;
    user-select: none;
  }
  .fit .smaller {
    font-size: max(11px, 0.77em);
  }
  .fit > span {
    flex: 1000000 0 auto;
  }
  .whole {
    display: block;
    white-space: nowrap;
  }
  .up,
  .down {
    width: 10px;
    height: 10px;
    margin-inline-start: 8px;
    vertical-align: calc(0.36em - 5px);
    fill: var(--profit-mark);
    stroke: var(--profit-mark);
    stroke-linejoin: round;
  }
  .down {
    fill: var(--loss-mark);
    stroke: var(--loss-mark);
    transform: scaleY(-1);
  }
  .notice {
    flex: 1;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 4px;
    min-height: 0;
    text-align: center;
    text-wrap: balance;
    color: var(--muted);
  }
  .notice strong {
    font-size: 13px;
    line-height: 20px;
    font-weight: 600;
    color: var(--ink);
  }
  .notice p {
    max-width: 280px;
  }
  .disc {
    flex: none;
    display: grid;
    place-items: center;
    width: 40px;
    height: 40px;
    margin-bottom: 8px;
    border-radius: 50%;
    background: var(--raised);
  }
  .skeleton {
    background: var(--skeleton);
    border-radius: 4px;
  }
  header .skeleton {
    width: 96px;
    height: 8px;
    margin-top: 6px;
  }
  /* For screen readers alone. On a box around a table, as a table ignores the height. */
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  [dir] {
    text-align: right;
  }
  /* English words and figures keep their own direction within a mirrored card. */
  [dir][lang='en'] * {
    unicode-bidi: plaintext;
  }
  [dir][lang='en'] .hero svg {
    margin-inline: 8px;
  }
  @container (width >= 392px) {
    .slim {
      display: none;
    }
  }
  @container (width < 392px) {
    .account,
    .account + span::before,
    .medium {
      display: none;
    }
    .account + span > .slim {
      display: flex;
    }
    header .skeleton {
      width: 48px;
    }
    h2 {
      flex-shrink: 1;
    }
    header p {
      flex: none;
    }
  }
  @container (width < 256px) {
    .hero {
      font-size: 32px;
    }
  }
  @container (height <= 200px) {
    header {
      margin-bottom: 4px;
    }
    .disc {
      width: 28px;
      height: 28px;
      margin-bottom: 4px;
    }
  }
`;
