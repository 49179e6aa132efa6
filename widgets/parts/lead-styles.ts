import { css } from 'lit';

/** The main figure, and two lines about it at its side. */
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
