import { css } from 'lit';

export const pairStyles = css`
  dl,
  dd {
    margin: 0;
  }
  dd {
    min-width: 0;
    font-weight: 500;
    color: var(--ink);
  }
  dd b {
    display: block;
    font-weight: inherit;
  }
  .rows,
  .metrics {
    flex: none;
    white-space: nowrap;
  }
  .rows > div {
    display: flex;
    gap: 12px;
    align-items: center;
    justify-content: space-between;
    height: 24px;
    box-sizing: border-box;
    border-top: 1px solid var(--line);
  }
  .rows dt {
    flex: none;
  }
  [lang='en'] .rows dt {
    direction: ltr;
  }
  .rows dt span {
    margin-inline-start: 4px;
    font-size: 11px;
    color: var(--muted);
  }
  .rows .fit {
    text-align: end;
  }
  .metrics {
    display: grid;
    grid-template-columns: repeat(3, minmax(0, 1fr));
    gap: 12px;
  }
  .metrics dt {
    overflow: hidden;
    text-overflow: ellipsis;
    font-size: 11px;
    color: var(--muted);
  }
  .metrics dd {
    font-size: 14px;
    line-height: 20px;
    font-weight: 600;
  }
  .rows .skeleton {
    width: 96px;
    height: 8px;
  }
  .rows .skeleton + .skeleton {
    width: 56px;
  }
  .metrics .skeleton {
    width: 64px;
    max-width: 100%;
    height: 8px;
    margin: 4px 0;
  }
  .metrics .skeleton + .skeleton {
    width: 80px;
    height: 12px;
    margin-top: 8px;
  }
  @container (width < 300px) {
    .rows > div {
      gap: 8px;
    }
    .rows dt {
      font-size: 11px;
    }
  }
  @container (width < 256px) {
    .metrics {
      gap: 12px 8px;
    }
    .metrics dd {
      font-size: 13px;
    }
  }
`;
