import { css } from 'lit';

/**
 * Colours, type and box of every widget. Contrasts are measured against `--surface`. A page may set the
 * `--pt-` properties, and place and size of the element. Any rule of the page, such as
 * `* { all: unset }`, overrides one of `:host`, so everything else is set on the inner box.
 */
export const themeStyles = css`
  :host {
    display: block;
    width: 100%;
    min-width: 0;
    box-sizing: border-box;
    color-scheme: dark !important;
    container-type: size !important;
    contain-intrinsic-width: 240px !important;
  }
  :host([hidden]) {
    display: none !important;
  }
  :host([theme='light']) {
    color-scheme: light !important;
  }
  :host([theme='auto']) {
    color-scheme: light dark !important;
  }
  .box {
    all: initial;
    --surface: var(--pt-surface, light-dark(#fff, #111317));
    --line: var(--pt-line, light-dark(#e3e6ea, #262a31));
    --raised: var(--pt-raised, light-dark(#eef0f3, #1b1e24));
    --skeleton: light-dark(#e8eaee, #22262d);
    --ink: var(--pt-ink, light-dark(#13161b, #f3f4f6));
    --ink-2: light-dark(#39404b, #c6cad2);
    --muted: var(--pt-muted, light-dark(#5b6370, #98a0ac));
    --faint: var(--pt-muted, light-dark(#646c7a, #868e9b));
    --profit: var(--pt-profit, light-dark(#0a7a4c, #3ccb8f));
    --profit-mark: var(--pt-profit, light-dark(#17976a, #2fb981));
    --loss: var(--pt-loss, light-dark(#c5303a, #ff8080));
    --loss-mark: var(--pt-loss, light-dark(#dd4b52, #f26468));
    --caution: light-dark(#8a5a00, #f0b442);
    --accent: var(--pt-accent, light-dark(#3d5fdc, #8ea6ff));
    --accent-mark: var(--pt-accent, light-dark(#4d6fe8, #7c96fb));
    --zero: light-dark(#858c97, #6b7280);
    --curve: var(--pt-accent);
    --pill: var(--pt-accent);
    color-scheme: inherit;
    display: block;
    container-type: size;
    visibility: inherit;
    font: 400 12px/16px var(--pt-font, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif);
    font-variant-numeric: tabular-nums;
    user-select: text;
    color: var(--ink-2);
  }
  /* Each widget sets its documented height. */
  :host,
  .box {
    height: var(--card-height);
    contain-intrinsic-height: var(--card-height) !important;
  }
  /* Not in an element that a page has made inline: that is no container. */
  @container (height > 0) {
    div.box {
      height: 100cqh;
    }
  }
  :host([palette='cvd']) .box {
    --profit: light-dark(#0b5fb8, #62b0ff);
    --profit-mark: light-dark(#2f7fd6, #4b9ff5);
    --loss: light-dark(#a84a08, #ffa05c);
    --loss-mark: light-dark(#d0681a, #f08a3e);
    --accent: light-dark(#5b6370, #a9b0bc);
    --accent-mark: light-dark(#5b6370, #a9b0bc);
  }
  /* On a descendant of the box, to override palette and page. */
  @media (prefers-contrast: more) {
    section {
      --line: var(--zero);
      --muted: var(--ink-2);
      --faint: var(--ink-2);
    }
  }
  @media (forced-colors: active) {
    section {
      --surface: Canvas;
      --raised: Canvas;
      --line: GrayText;
      --zero: GrayText;
      --ink: CanvasText;
      --ink-2: CanvasText;
      --muted: CanvasText;
      --faint: CanvasText;
      --caution: CanvasText;
      --profit: CanvasText;
      --profit-mark: CanvasText;
      --loss: CanvasText;
      --loss-mark: CanvasText;
      --curve: CanvasText;
      --pill: Canvas;
      --accent: CanvasText;
      --accent-mark: Highlight;
    }
  }
  @media print {
    :host,
    :host([theme]) {
      color-scheme: light !important;
    }
    .box {
      -webkit-print-color-adjust: exact;
      print-color-adjust: exact;
    }
  }
`;
