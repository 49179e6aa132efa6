import { whenIdle } from '../core/idle.ts';
import { shareBelowTop } from '../draw/curve.ts';
import type { Line, LineOptions, Stops } from '../draw/line.ts';

/** Between the cross-hair and what it says, in px. */
const tipGap = 14;

/** What the canvas is to hold. Another object is drawn anew. */
export type LineSource = Pick<LineOptions, 'values' | 'high' | 'low'>;

/**
 * Puts the curve on a canvas over the still one, in idle time, and moves a cross-hair over it by
 * pointer, touch and arrow keys.
 */
export class LiveCurve {
  /** Whether the canvas holds the curve, and the still one can go. */
  drawn = false;
  /** The slot the cross-hair stands on. 0 is the start and never pointed at. */
  slot: number | null = null;

  readonly #changed: () => void;
  readonly #chosen: (slot: number) => void;
  #root: ParentNode | undefined;
  #loading = false;
  #draw: ((options: LineOptions) => Line) | undefined;
  #line: Line | undefined;
  #source: LineSource | undefined;
  #box: Element | undefined;
  #look: string | undefined;

  /** `changed` is called when {@link drawn} or {@link slot} has changed, `chosen` with a slot. */
  constructor(changed: () => void, chosen: (slot: number) => void) {
    this.#changed = changed;
    this.#chosen = chosen;
  }

  /** Brings the canvas to what was rendered. `look` changes whenever a colour may have. */
  update(root: ParentNode, source: LineSource | undefined, look: string): void {
    const box = root.querySelector<HTMLElement>('.live');
    if (!box || !source) {
      this.remove();
      return;
    }
    const isAnother = source !== this.#source || box !== this.#box;
    this.#source = source;
    this.#box = box;
    if (!this.#draw) {
      this.#load();
      return;
    }
    if (isAnother || !this.#line) this.#replace(root, box, source);
    else if (look !== this.#look) this.#line.redraw();
    this.#look = look;
    if (this.drawn && this.slot !== null) this.#placeCrossHair(box, source, this.slot);
  }

  redraw(): void {
    this.#line?.redraw();
  }

  remove(): void {
    this.#line?.remove();
    this.#line = this.#source = this.#box = undefined;
    this.drawn = false;
    this.slot = null;
  }

  readonly point = (event: PointerEvent): void => {
    if (!this.#box || !this.#source) return;
    const { left, width } = this.#box.getBoundingClientRect();
    this.#move(Math.floor(((event.clientX - left) / width) * this.#source.values.length));
  };

  readonly leave = (event: Event): void => {
    // A finger leaves when it is lifted, and what it pointed at should stay to be read.
    if ((event as PointerEvent).pointerType !== 'touch') this.#move(null);
  };

  /** The day that is pointed at, else the last one. */
  readonly choose = (): void => {
    if (this.slot === null) this.#move(this.#last);
    if (this.slot) this.#chosen(this.slot);
  };

  readonly step = (event: KeyboardEvent): void => {
    const last = this.#last;
    const targets: Record<string, number | null> = {
      ArrowLeft: (this.slot ?? last + 1) - 1,
      ArrowRight: (this.slot ?? 0) + 1,
      Home: 1,
      End: last,
      Escape: null,
    };
    if (event.key === 'Enter') this.choose();
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.#move(target);
  };

  get #last(): number {
    return (this.#source?.values.length ?? 0) - 1;
  }

  #move(slot: number | null): void {
    const next = slot === null ? null : Math.max(1, Math.min(slot, this.#last));
    if (next === this.slot) return;
    this.slot = next;
    this.#changed();
  }

  #load(): void {
    if (this.#loading) return;
    this.#loading = true;
    whenIdle(async () => {
      try {
        this.#draw = (await import('../draw/line.ts')).drawLine;
        this.#changed();
      } catch {
        // The still curve stays, which lacks nothing but the cross-hair.
        this.#loading = false;
      }
    });
  }

  #replace(root: ParentNode, box: HTMLElement, source: LineSource): void {
    this.#line?.remove();
    this.#root = root;
    try {
      this.#line = this.#draw!({
        ...source,
        box,
        colours: () => ({ line: this.#stops('l'), area: this.#stops('a') }),
        drawn: () => {
          if (this.drawn) return;
          this.drawn = true;
          this.#changed();
        },
      });
    } catch (error) {
      // Whatever its page has put on Object.prototype uPlot takes for options. The still curve stays.
      console.warn(error);
      this.remove();
      // As it counts as loading still, it isn't tried again.
      this.#draw = undefined;
      this.#changed();
    }
  }

  /** The still picture's own gradients, resolved. */
  #stops(gradient: string): Stops {
    return [...this.#root!.querySelectorAll<SVGStopElement>(`#${gradient} stop`)].map((stop) => {
      const { stopColor, stopOpacity } = getComputedStyle(stop);
      const colour = stopColor.replace('rgb(', 'rgba(').replace(')', `, ${stopOpacity})`);
      return [stop.offset.baseVal, colour];
    });
  }

  #placeCrossHair(box: HTMLElement, { values, high, low }: LineSource, slot: number): void {
    const x = ((slot + 0.5) / values.length) * box.clientWidth;
    const y = shareBelowTop(values[slot]!, high, low) * box.clientHeight;
    const find = (name: string) => this.#root!.querySelector<HTMLElement>(name)!;
    const tip = find('.tip');
    const { offsetWidth: width, offsetHeight: height } = tip;
    const chart = box.parentElement!;
    const tipX = x + tipGap + width <= chart.clientWidth ? x + tipGap : x - tipGap - width;
    // Off the line as well: beneath a high point, above a low one.
    const tipY = y < box.clientHeight / 2 ? y + tipGap : y - tipGap - height;
    find('.hair').style.translate = `${x}px`;
    find('.point').style.translate = `${x}px ${y}px`;
    const within = (at: number, room: number) => Math.max(0, Math.min(at, room));
    tip.style.translate = `${within(tipX, chart.clientWidth - width)}px ${within(tipY, chart.clientHeight - height)}px`;
  }
}
