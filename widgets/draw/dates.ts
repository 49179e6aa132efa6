/** A slot of a time axis that is labelled, and in how much room: `few`, `some` and `many` labels. */
export interface DateMark {
  slot: number;
  room: string;
}

type Cuts = readonly (readonly [room: string, options: readonly number[]])[];

/** Into how many parts an axis is cut. The first that goes without a remainder is taken. */
const cutsForShort: Cuts = [
  ['few', [2]],
  ['some', [4, 3]],
  ['many', [8, 7, 6, 5]],
];
const cutsForLong: Cuts = [
  ['few', [1]],
  ['some', [3, 2]],
  ['many', [6, 5, 4]],
];

/** Marks evenly spread over the slots from `first` to `last`, both of which are among them. */
export function dateMarks(first: number, last: number, longLabels: boolean): DateMark[] {
  const span = last - first;
  const rooms = new Map<number, string[]>();
  for (const [room, options] of longLabels ? cutsForLong : cutsForShort) {
    const parts = options.find((option) => span % option === 0) ?? options[0]!;
    const slots = new Set<number>();
    for (let part = 0; part <= parts; part++) slots.add(first + Math.round((span * part) / parts));
    for (const slot of slots) rooms.set(slot, [...(rooms.get(slot) ?? []), room]);
  }
  return [...rooms].map(([slot, names]) => ({ slot, room: names.join(' ') }));
}
