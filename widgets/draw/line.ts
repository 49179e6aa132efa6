import uPlot from 'uplot';

export interface LineOptions {
  /** As of the {@link Curve} with these edges. */
  values: readonly number[];
  high: number;
  low: number;
  /** How many slots wide the picture is. */
  slots: number;
  /** The canvas fills it. uPlot's own classes are styled there. */
  box: HTMLElement;
  /** Resolved, since a canvas knows no custom properties; read at each drawing. */
  colours(): LineColours;
  /** Called once, when the line is on the canvas. */
  drawn(): void;
}

/** Colour stops from the plot's upper to its lower edge. */
export type Stops = readonly (readonly [offset: number, colour: string])[];

export interface LineColours {
  line: Stops;
  area: Stops;
}

export interface Line {
  /** Reads the colours again. */
  redraw(): void;
  remove(): void;
}

const lineWidth = 1.75;

/** Draws the line of a {@link Curve} exactly over it, and follows the size of its box. */
export function drawLine(options: LineOptions): Line {
  const { values, high, low, slots, box } = options;
  const gradient = (name: keyof LineColours) => (chart: uPlot) => {
    const [top, end] = [chart.valToPos(high, 'y', true), chart.valToPos(low, 'y', true)];
    const fill = chart.ctx.createLinearGradient(0, top, 0, end);
    for (const [offset, colour] of options.colours()[name]) fill.addColorStop(offset, colour);
    return fill;
  };
  // Not clientWidth, which is rounded: the canvas lies exactly over the curve.
  const size = () => {
    const { width, height } = box.getBoundingClientRect();
    return { width, height };
  };
  const chart = new uPlot(
    {
      ...size(),
      pxAlign: 0,
      padding: [0, 0, 0, 0],
      legend: { show: false },
      axes: [{ show: false }, { show: false }],
      scales: {
        x: { time: false, range: [-0.5, slots - 0.5] },
        y: { range: [low, high] },
      },
      series: [
        {},
        {
          stroke: gradient('line'),
          width: lineWidth,
          fill: gradient('area'),
          fillTo: 0,
          pxAlign: 0,
          points: { show: false },
        },
      ],
      cursor: { show: false },
      hooks: { draw: [once(options.drawn)] },
    },
    [values.map((_, slot) => slot), values as number[]],
    box,
  );
  const observer = new ResizeObserver(() => chart.setSize(size()));
  observer.observe(box);
  return {
    redraw: () => chart.redraw(false),
    remove() {
      observer.disconnect();
      chart.destroy();
    },
  };
}

function once(call: () => void): () => void {
  let called = false;
  return () => {
    if (!called) call();
    called = true;
  };
}
