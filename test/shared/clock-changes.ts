import { day, minute, second } from '../../shared/time.ts';

/** A time during which a zone’s clocks are the same distance ahead of UTC, in ms. */
export interface Span {
  from: number;
  to: number;
  ahead: number;
}

const first = Date.UTC(1989, 11, 1);
const last = Date.UTC(2041, 1, 1);

/** No span since 1990 is shorter: in 2000 Recife had summer time for a week. */
const shortest = 6 * day;

/** How far a zone’s clocks are ahead at a moment, as Intl writes it: `Mon, GMT-06:00`. */
function readerOf(zone: string): (moment: number) => string {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    timeZoneName: 'longOffset',
    weekday: 'short',
  });
  return (moment) => format.format(moment).split('GMT')[1]!;
}

function aheadOf(text: string): number {
  const [, sign, hours, minutes, seconds = 0] =
    /^([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text || '+00:00') ?? [];
  const ahead = (Number(hours) * 60 + Number(minutes)) * minute + Number(seconds) * second;
  return sign === '-' ? -ahead : ahead;
}

/** The spans of a zone from 1990 to 2040. */
export function spansOf(zone: string): Span[] {
  const read = readerOf(zone);
  const spans: Span[] = [];
  let from = Number.NEGATIVE_INFINITY;
  let known = read(first);
  for (let at = first; at < last; at += shortest) {
    const next = read(at + shortest);
    if (next === known) continue;
    let [before, to] = [at, at + shortest];
    while (to - before > second) {
      const middle = before + Math.floor((to - before) / 2 / second) * second;
      if (read(middle) === known) before = middle;
      else to = middle;
    }
    spans.push({ from, to, ahead: aheadOf(known) });
    from = to;
    known = next;
  }
  return [...spans, { from, to: Number.POSITIVE_INFINITY, ahead: aheadOf(known) }];
}
