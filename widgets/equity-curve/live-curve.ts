import type { Line, LineOptions, Stops } from '../draw/line.ts';
import type { Values } from './cross-hair.ts';

/**
 * Draws the curve on a canvas in place of the SVG one, which looks the same: the code for it is loaded
 * when the curve is first pointed at, resized or changed.
 */
export class LiveCurve {
  /** Whether the curve is on the canvas, so that the SVG one can be hidden. */
  drawn = false;

  readonly #changed: () => void;
  #isWanted = false;
  #isLoading = false;
  #draw: ((options: LineOptions) => Line) | undefined;
  #line: Line | undefined;
  #source: Values | undefined;
  #box: HTMLElement | undefined;
  #resizes: ResizeObserver | undefined;
  #appearance: string | undefined;

  /** `changed` is called when {@link drawn} has changed. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /**
   * Updates the canvas after a render: another box or object of values makes a new one. `appearance`
   * changes whenever a colour may have.
   */
  update(box: HTMLElement, source: Values, appearance: string): void {
    const isAnotherBox = box !== this.#box;
    const isAnother = isAnotherBox || source !== this.#source;
    if (this.#source && source !== this.#source) this.want();
    this.#source = source;
    this.#box = box;
    if (isAnotherBox) this.#watchSize(box);
    if (!this.#isWanted) return;
    if (!this.#draw) {
      void this.#load();
      return;
    }
    if (isAnother || !this.#line) this.#replace(box, source);
    else if (appearance !== this.#appearance) this.#line.redraw();
    this.#appearance = appearance;
  }

  /** Has the next {@link update} load and draw it. */
  want(): void {
    this.#isWanted = true;
  }

  redraw(): void {
    this.#line?.redraw();
  }

  remove(): void {
    this.#line?.remove();
    this.#resizes?.disconnect();
    this.#line = this.#source = this.#box = undefined;
    this.drawn = false;
  }

  /** Until the canvas is wanted, which then follows the size by itself. */
  #watchSize(box: HTMLElement): void {
    this.#resizes?.disconnect();
    if (this.#isWanted) return;
    let isFirst = true;
    this.#resizes = new ResizeObserver(() => {
      if (isFirst) {
        isFirst = false;
        return;
      }
      this.#resizes!.disconnect();
      this.want();
      this.#changed();
    });
    this.#resizes.observe(box);
  }

  async #load(): Promise<void> {
    // Properties on Object.prototype are options to uPlot. On such a page the SVG curve stays.
    if (this.#isLoading || Object.keys(Object.prototype).length) return;
    this.#isLoading = true;
    try {
      this.#draw = (await import('../draw/line.ts')).drawLine;
      this.#changed();
    } catch {
      // The SVG curve stays, which is complete.
      this.#isLoading = false;
    }
  }

  #replace(box: HTMLElement, source: Values): void {
    this.#line?.remove();
    const chart = box.parentElement!;
    this.#line = this.#draw!({
      ...source,
      box,
      colours: () => ({ line: stopsOf(chart, 'l'), area: stopsOf(chart, 'a') }),
      drawn: () => {
        if (this.drawn) return;
        this.drawn = true;
        this.#changed();
      },
    });
  }
}

/** A gradient of the SVG curve, with resolved colours. */
function stopsOf(chart: Element, gradient: string): Stops {
  return [...chart.querySelectorAll<SVGStopElement>(`#${gradient} stop`)].map((stop) => {
    const { stopColor, stopOpacity } = getComputedStyle(stop);
    const colour = stopColor.replace('rgb(', 'rgba(').replace(')', `, ${stopOpacity})`);
    return [stop.offset.baseVal, colour];
  });
}
