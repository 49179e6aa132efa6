import uPlot from 'uplot';

/** A line to be drawn on a canvas. */
export interface LineOptions {
  /** The values, one a slot, of the curve whose edges follow. */
  values: readonly number[];
  high: number;
  low: number;
  /** Filled by the canvas. The rules a canvas of uPlot needs have to reach into it. */
  box: HTMLElement;
  /** Resolved colours, since a canvas knows no custom properties: read again at each drawing. */
  colours(): LineColours;
  /** Called once, when the line stands on the canvas. */
  drawn(): void;
}

/** Colour stops from the plot's upper to its lower edge: where, and which colour. */
export type Stops = readonly (readonly [offset: number, colour: string])[];

export interface LineColours {
  line: Stops;
  area: Stops;
}

export interface Line {
  /** Takes the colours anew. */
  redraw(): void;
  remove(): void;
}

const lineWidth = 1.75;

/** Draws what {@link Curve} draws, over the same box, and follows its size. */
export function drawLine(options: LineOptions): Line {
  const { values, high, low, box } = options;
  const gradient = (name: keyof LineColours) => (chart: uPlot) => {
    const [top, end] = [chart.valToPos(high, 'y', true), chart.valToPos(low, 'y', true)];
    const fill = chart.ctx.createLinearGradient(0, top, 0, end);
    for (const [offset, colour] of options.colours()[name]) fill.addColorStop(offset, colour);
    return fill;
  };
  // Not clientWidth, which is rounded: the canvas has to lie on a picture of the exact width.
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
        x: { time: false, range: [-0.5, values.length - 0.5] },
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
