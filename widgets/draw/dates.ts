/** A slot of a time axis that is labelled, and in how much room: `few`, `some` and `many` labels. */
export interface DateMark {
  slot: number;
  room: string;
}

/** The most parts an axis is cut into, and how wide a card is inside at least, in px. */
const cuts = { few: [2, 208], some: [4, 360], many: [8, 668] } as const;

/** What a label takes in its room, as the first and the last stand within the axis. */
const share = 1.5;

/**
 * Marks evenly spread over the slots from `first` to `last`, which are among them where their labels,
 * `width` px wide, have room side by side; else the last alone. `beside`: what else the card holds.
 */
export function dateMarks(first: number, last: number, width: number, beside: number): DateMark[] {
  const span = last - first;
  const rooms = new Map<number, string[]>();
  for (const [room, [most, size]] of Object.entries(cuts)) {
    const parts = Math.min(
      most,
      Math.floor((span * (size - beside)) / ((last + 1) * width * share)),
    );
    // A cut without a remainder, if there is one nearly as fine.
    let cut = parts;
    while (cut > parts * 0.6 && span % cut) cut--;
    if (cut <= parts * 0.6) cut = parts;
    const slots = new Set([last]);
    for (let part = 0; part < cut; part++) slots.add(first + Math.round((span * part) / cut));
    for (const slot of slots) rooms.set(slot, [...(rooms.get(slot) ?? []), room]);
  }
  return [...rooms].map(([slot, names]) => ({ slot, room: names.join(' ') }));
}
