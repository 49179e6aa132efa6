import type { Line, LineOptions, Stops } from '../draw/line.ts';
import type { Values } from './cross-hair.ts';

/**
 * Puts the curve on a canvas over the still one, which is as good to look at: what draws it is loaded
 * when the curve is pointed at, resized or another for the first time.
 */
export class LiveCurve {
  /** Whether the canvas holds the curve, and the still one can go. */
  drawn = false;

  readonly #changed: () => void;
  #isWanted = false;
  #isLoading = false;
  #draw: ((options: LineOptions) => Line) | undefined;
  #line: Line | undefined;
  #source: Values | undefined;
  #box: HTMLElement | undefined;
  #resizes: ResizeObserver | undefined;
  #look: string | undefined;

  /** `changed` is called when {@link drawn} has changed. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /**
   * Brings the canvas to what was rendered: in another box or of another object of values it is drawn
   * anew. `look` changes whenever a colour may have.
   */
  update(box: HTMLElement, source: Values, look: string): void {
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
    else if (look !== this.#look) this.#line.redraw();
    this.#look = look;
  }

  /** With the next {@link update}. */
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

  /** Until it is wanted; from then on the canvas follows by itself. */
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
    // uPlot takes for its own what it finds on Object.prototype. There the still curve stays.
    if (this.#isLoading || Object.keys(Object.prototype).length) return;
    this.#isLoading = true;
    try {
      this.#draw = (await import('../draw/line.ts')).drawLine;
      this.#changed();
    } catch {
      // The still curve stays, which lacks nothing.
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

/** The still picture's own gradients, resolved. */
function stopsOf(chart: Element, gradient: string): Stops {
  return [...chart.querySelectorAll<SVGStopElement>(`#${gradient} stop`)].map((stop) => {
    const { stopColor, stopOpacity } = getComputedStyle(stop);
    const colour = stopColor.replace('rgb(', 'rgba(').replace(')', `, ${stopOpacity})`);
    return [stop.offset.baseVal, colour];
  });
}
