import { type Ahead, type Curve, shareBelowTop } from '../draw/curve.ts';

/** Between the cross-hair and its tooltip, in px. */
const tipGap = 14;

/** The curve with its values, and where it goes on to. */
export interface Values extends Curve {
  values: readonly number[];
  ahead: Ahead | undefined;
  /** How many slots wide the picture is. */
  slots: number;
}

/**
 * Moves a cross-hair over the curve's days, and what is ahead of them, by pointer, touch and arrow
 * keys.
 */
export class CrossHair {
  /** Where it is. Slot 0 is the start, which can't be pointed at. */
  slot: number | null = null;

  readonly #changed: () => void;
  readonly #chosen: (slot: number) => void;
  #last = 0;
  #slots = 0;

  /** `changed` is called when {@link slot} has changed, `chosen` when a slot was chosen. */
  constructor(changed: () => void, chosen: (slot: number) => void) {
    this.#changed = changed;
    this.#chosen = chosen;
  }

  listen(root: EventTarget): void {
    const listeners: Record<string, (event: Event, chart: Element) => void> = {
      pointermove: this.#point,
      pointerdown: this.#point,
      pointerleave: this.#leave,
      blur: this.#leave,
      keydown: this.#step,
      click: this.#choose,
    };
    for (const [type, listener] of Object.entries(listeners))
      root.addEventListener(
        type,
        (event) => {
          const chart = (event.target as Element).closest('.chart');
          if (chart && this.#last) listener(event, chart);
        },
        // Captured, as pointerleave and blur don't bubble.
        true,
      );
  }

  /** Moves its parts to the slot, over the box that the curve of these values fills. */
  place(box: HTMLElement, { values, ahead, slots, high, low }: Values): void {
    this.#last = ahead ? values.length : values.length - 1;
    this.#slots = slots;
    const { slot } = this;
    if (slot === null) return;
    const chart = box.parentElement!;
    const find = (name: string) => chart.querySelector<HTMLElement>(name)!;
    const tip = find('.tip');
    const place = slot < values.length ? slot : slots - 1;
    const x = ((place + 0.5) / slots) * box.clientWidth;
    const y = shareBelowTop(values[slot] ?? ahead!.value, high, low) * box.clientHeight;
    const { offsetWidth: width, offsetHeight: height } = tip;
    const tipX = x + tipGap + width <= chart.clientWidth ? x + tipGap : x - tipGap - width;
    // Below a high point and above a low one, to leave the line visible.
    const tipY = y < box.clientHeight / 2 ? y + tipGap : y - tipGap - height;
    find('.hair').style.translate = `${x}px`;
    find('.point').style.translate = `${x}px ${y}px`;
    const within = (at: number, room: number) => Math.max(0, Math.min(at, room));
    tip.style.translate = `${within(tipX, chart.clientWidth - width)}px ${within(tipY, chart.clientHeight - height)}px`;
  }

  /** The curve is gone. */
  remove(): void {
    this.slot = null;
    this.#last = 0;
  }

  readonly #point = (event: Event, chart: Element): void => {
    const { left, width } = chart.querySelector('.live')!.getBoundingClientRect();
    const { clientX } = event as PointerEvent;
    this.#move(Math.floor(((clientX - left) / width) * this.#slots));
  };

  readonly #leave = ({ target, pointerType }: Event & { pointerType?: string }, chart: Element) => {
    // A finger leaves when it is lifted; the tooltip stays to be read.
    if (target === chart && pointerType !== 'touch') this.#move(null);
  };

  /** The day that is pointed at, else the last one. */
  readonly #choose = (): void => {
    if (this.slot === null) this.#move(this.#last);
    if (this.slot) this.#chosen(this.slot);
  };

  readonly #step = (event: Event): void => {
    const { key } = event as KeyboardEvent;
    const targets: Record<string, number | null> = {
      ArrowLeft: (this.slot ?? this.#last + 1) - 1,
      ArrowRight: (this.slot ?? 0) + 1,
      Home: 1,
      End: this.#last,
      Escape: null,
    };
    if (key === 'Enter') this.#choose();
    const target = targets[key];
    if (target === undefined) return;
    event.preventDefault();
    this.#move(target);
  };

  #move(slot: number | null): void {
    const next = slot === null ? null : Math.max(1, Math.min(slot, this.#last));
    if (next === this.slot) return;
    this.slot = next;
    this.#changed();
  }
}
