/** A labelled slot of a time axis, and where it is labelled: among `few`, `some` or `many` labels. */
export interface DateMark {
  slot: number;
  room: string;
}

/** By number of labels: the most parts between them, and the least width within a card, in px. */
const cuts = { few: [2, 208], some: [4, 360], many: [8, 668] } as const;

/** A label takes more than its width, as the first and the last are moved inwards. */
const share = 1.5;

/**
 * Marks spread evenly over the slots from `first` to `last`, both included; the last alone where labels
 * of `width` px have no room side by side. `others`: the px that the card needs for other things.
 */
export function dateMarks(first: number, last: number, width: number, others: number): DateMark[] {
  const span = last - first;
  const rooms = new Map<number, string[]>();
  for (const [room, [most, size]] of Object.entries(cuts)) {
    const parts = Math.min(
      most,
      Math.floor((span * (size - others)) / ((last + 1) * width * share)),
    );
    // Rather a number that divides the span, if it is nearly as large.
    let cut = parts;
    while (cut > parts * 0.6 && span % cut) cut--;
    if (cut <= parts * 0.6) cut = parts;
    const slots = new Set(span < 0 ? [] : [last]);
    for (let part = 0; part < cut; part++) slots.add(first + Math.round((span * part) / cut));
    for (const slot of slots) rooms.set(slot, [...(rooms.get(slot) ?? []), room]);
  }
  return [...rooms].map(([slot, names]) => ({ slot, room: names.join(' ') }));
}
