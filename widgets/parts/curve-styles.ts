import { css } from 'lit';

/** The area and the line of a curve; the line takes the colour of the accent, if there is one. */
export const curveStyles = css`
  .rise {
    stop-color: var(--profit-mark);
  }
  .sink {
    stop-color: var(--loss-mark);
  }
  .line-rise {
    stop-color: var(--curve, var(--profit-mark));
  }
  .line-flat {
    stop-color: var(--curve, var(--muted));
  }
  .line-sink {
    stop-color: var(--curve, var(--loss-mark));
  }
  .line {
    fill: none;
    stroke-width: 1.75;
    stroke-linejoin: round;
    vector-effect: non-scaling-stroke;
  }
`;
