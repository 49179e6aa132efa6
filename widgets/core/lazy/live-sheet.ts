/** The status beside a title, in a style sheet that is added when it is first drawn. */
export const liveSheet = new CSSStyleSheet();

liveSheet.replaceSync(`
  .status {
    display: flex;
    flex: none;
    align-items: center;
    gap: 6px;
    margin-inline: -4px auto;
    font-size: 11px;
    color: var(--muted);
  }
  .status[hidden] {
    display: none;
  }
  .status i {
    box-sizing: border-box;
    width: 6px;
    height: 6px;
    border: 1.5px solid var(--muted);
    border-radius: 50%;
  }
  .status[data-state='live'] i {
    border: 0;
    background: var(--accent-mark);
  }
  @media (prefers-reduced-motion: no-preference) {
    .status[data-state='reconnecting'] i {
      animation: seek 1.2s ease-in-out infinite alternate;
    }
  }
  @keyframes seek {
    to {
      opacity: 0.2;
    }
  }
  @container (width < 320px) {
    .status span {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  }
`);
