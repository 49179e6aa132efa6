import { css } from 'lit';

/** The focus ring of items and buttons, and the tooltip of items. */
export const itemStyles = css`
  .tip {
    position: absolute;
    top: 0;
    left: 0;
    z-index: 3;
    max-width: calc(100% - 36px);
    padding: 5px 9px;
    border: 1px solid var(--zero);
    border-radius: 8px;
    background: var(--raised);
    color: var(--ink);
    pointer-events: none;
  }
  .tip[hidden] {
    display: none;
  }
  /* On touch screens the tooltip can be tapped to choose its item: it is larger than a cell. */
  @media (hover: none) {
    .tip {
      pointer-events: auto;
    }
  }
  [data-item] {
    outline: 0;
  }
  [data-item]:focus-visible,
  button:focus-visible {
    outline: 2px solid var(--accent-mark);
    outline-offset: 1px;
    border-radius: 4px;
  }
  [dir]:not([lang='en']) .tip {
    direction: rtl;
    text-align: right;
  }
`;
