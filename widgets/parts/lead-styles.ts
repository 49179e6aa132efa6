import { css } from 'lit';

/** A figure with what it is beside it, in two lines. */
export const leadStyles = css`
  .lead {
    flex: none;
    display: flex;
    align-items: center;
    gap: 12px;
    height: 40px;
    white-space: nowrap;
  }
  .lead > div {
    min-width: 0;
    color: var(--ink);
  }
  .lead > div p {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .lead > div p + p {
    color: var(--muted);
  }
`;
