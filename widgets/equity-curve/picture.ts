import { html, nothing, svg, type TemplateResult } from 'lit';
import type { EquityCurveData } from '../../shared/answers/widgets.ts';
import type { Formats } from '../core/formats.ts';
import { barStroke, drawBars } from '../draw/bars.ts';
import { type Ahead, curveHeight, drawCurve, shareBelowTop } from '../draw/curve.ts';
import { drawCurvePaths } from '../draw/curve-paths.ts';
import { dateMarks } from '../draw/dates.ts';
import { drawFalls } from '../draw/falls.ts';
import { axisTicks } from '../draw/ticks.ts';
import { axisDatesOf } from './axis-dates.ts';
import type { Values } from './cross-hair.ts';
import type { CurveDay } from './days.ts';
import { gapsOf } from './gaps.ts';
import { resultsOf } from './results.ts';
import { wordsOf } from './words.ts';

/** As a share of the plot's height: labels nearer than this to that of the last value are left out. */
const tooNear = 0.135;

/** Half a line's width, as a share of the plot's height. */
const nearZero = 0.009;

/** More days than this are labelled by month and year. */
const daysDatedByMonth = 210;

/** The least width of the scale, in px. */
const leastScale = 52;

/** In px: wider dates with the month's name are replaced by numeric ones. */
const widestName = 58;

/** As a share of the time axis: the shortest gap with room for its name, on a narrow and a wide card. */
const leastNamed = { narrow: 0.5, wide: 0.25 };

/** The share of the days that what is ahead of them takes beside them. */
const aheadPart = 1 / 14;

/** Where the curve goes on to. */
export interface Live extends Ahead {
  /** When that was observed, as it is written. */
  time: string;
}

/** The equity of each slot. The first is the start, at zero, before the first day. */
export function valuesOf(days: readonly CurveDay[], live: EquityCurveData['live']): Values {
  const ahead = live
    ? { value: live.equity, slots: Math.ceil(days.length * aheadPart) || 1 }
    : undefined;
  const values = [0, ...days.map((day) => day.equity)];
  const slots = values.length + (ahead?.slots ?? 0);
  return { values, ahead, slots, ...drawCurve(values, ahead) };
}

/** The curve with its axes and daily bars, as pictures that scale without a script. */
export function drawPicture(
  days: readonly CurveDay[],
  { values, slots, ...curve }: Values,
  live: Live | undefined,
  formats: Formats,
): TemplateResult {
  const closed = values.at(-1)!;
  const last = live?.value ?? closed;
  const { high, low, width } = curve;
  const falls = drawFalls(values, high, low);
  const box = `0 0 ${width} ${curveHeight}`;
  const share = (value: number) => shareBelowTop(value, high, low);
  const end = percent((slots - 0.5) / slots);
  const lastY = percent(share(last));
  const label = formats.axis(last);
  const marks = last || values.some(Boolean) ? axisTicks(low, high) : { coarse: [0], fine: [] };
  const ticks = [
    ...marks.coarse.map((value) => ({ value, name: nothing as string | typeof nothing })),
    ...marks.fine.map((value) => ({ value, name: 'fine' })),
  ];
  const texts = ticks.map(({ value }) => formats.axis(value));
  const widest = [label, ...texts].reduce((one, other) =>
    other.length > one.length ? other : one,
  );
  return html`<div class="plot">
      <svg aria-hidden="true">
        <pattern id="h" width="7" height="7" patternUnits="userSpaceOnUse"><path class="hatch" d="M-1 1 1-1M0 7 7 0M6 8 8 6"/></pattern>
        <clipPath id="f" clipPathUnits="objectBoundingBox"><path transform="scale(${1 / width} ${1 / curveHeight})" d=${falls}/></clipPath>
        ${ticks.map(
          ({ value, name }) =>
            svg`<line class=${value === 0 ? 'zero' : name} x2="100%" y1=${percent(share(value))} y2=${percent(share(value))}/>`,
        )}
        ${falls ? svg`<rect width="100%" height="100%" fill="url(#h)" clip-path="url(#f)"/>` : nothing}
      </svg>
      <svg class="curve" viewBox=${box} preserveAspectRatio="none" aria-hidden="true">
        ${drawCurvePaths(curve, nearZero)}
      </svg>
    </div>
    <div class="scale"><i aria-hidden="true">${widest}</i><svg aria-hidden="true">${ticks.map(
      ({ value, name }, index) =>
        Math.abs(share(value) - share(last)) < tooNear
          ? nothing
          : svg`<text class=${name} x="100%" y=${percent(share(value))} dy=".35em">${texts[index]}</text>`,
    )}<svg y=${lastY}><rect class="pill" y="-9" width="100%" height="18" rx="4"/><text class="last" x="50%" dy=".35em">${label}</text></svg></svg></div>
    ${drawResults(days, slots, formats)}
    ${drawDates(days, live, formats, Math.max(leastScale, 14 + 7 * widest.length))}
    <div class="live"></div>
    <svg class="front" aria-hidden="true">${drawGaps(days, slots, share, formats)}${
      live
        ? svg`<line class="ahead" x1=${percent((values.length - 0.5) / slots)} x2=${end} y1=${percent(share(closed))} y2=${lastY}/>`
        : nothing
    }<line class="leader" x1=${end} x2="100%" y1=${lastY} y2=${lastY}/><circle class="dot" cx=${end} cy=${lastY} r="3.5"/></svg>`;
}

/** Interrupts the line where nothing was traded for a long time. */
function drawGaps(
  days: readonly CurveDay[],
  slots: number,
  share: (value: number) => number,
  formats: Formats,
): TemplateResult[] {
  return gapsOf(days).map(({ from, to }) => {
    const y = percent(share(days[from - 1]?.equity ?? 0));
    const part = (to - from - 1) / slots;
    const name = part > leastNamed.narrow ? '' : part > leastNamed.wide ? 'named-wide' : 'unnamed';
    return svg`<svg class="gap ${name}" x=${percent((from + 1) / slots)} width=${percent(part)}><rect width="100%" height="100%"/><line x2="100%" y1=${y} y2=${y}/><text x="50%" y=${y} dy="-6">${wordsOf(formats).nothingTraded}</text></svg>`;
  });
}

function drawResults(days: readonly CurveDay[], slots: number, formats: Formats): TemplateResult {
  const results = resultsOf(days);
  const bars = drawBars(results.bars, slots);
  const stroke = barStroke(slots / results.slots);
  const level = `${bars.baseline}%`;
  return html`<div class="bars"><svg aria-hidden="true"><line x2="100%" y1=${level} y2=${level}/><svg viewBox="0 0 ${bars.width} ${bars.height}" preserveAspectRatio="none"><path class="up-bars" stroke-width=${stroke} d=${bars.up}/><path class="down-bars" stroke-width=${stroke} d=${bars.down}/></svg></svg></div>
    <div class="scale"><svg aria-hidden="true"><text x="100%" y=${level} dy=".35em">${wordsOf(formats)[results.name]}</text></svg></div>`;
}

/** Without trades: the zero line and the dates. */
export function drawEmptyAxes(days: readonly CurveDay[], formats: Formats): TemplateResult {
  return html`<div class="chart empty-axes" aria-hidden="true"><div class="plot"><svg><line class="zero" x2="100%" y1="1" y2="1"/></svg></div><div class="scale"><svg><text x="100%" y="1" dy=".35em">${formats.axis(0)}</text></svg></div>${drawDates(days, undefined, formats, leastScale)}</div>`;
}

/** The dates below, the first and the last kept within the plot; the last is the time of what is live. */
function drawDates(
  days: readonly CurveDay[],
  live: Live | undefined,
  formats: Formats,
  scale: number,
): TemplateResult {
  const last = days.length + (live?.slots ?? 0);
  const slots = last + 1;
  const hasMonths = slots > daysDatedByMonth;
  const dates = axisDatesOf(formats)[hasMonths ? 'month' : 'day'];
  const dated = hasMonths ? monthsOfYear(days[0]!.day.slice(0, 4)) : days.map(({ day }) => day);
  const widest = (write: (day: string) => string) =>
    Math.max(...dated.map((day) => widthOf(write(day))));
  const write = dates.find((write) => widest(write) <= widestName) ?? dates[1];
  const name = (slot: number) => (slot > days.length ? live!.time : write(days[slot - 1]!.day));
  const width = Math.max(widest(write), widthOf(live?.time ?? ''));
  return html`<svg class="dates" aria-hidden="true">${dateMarks(1, last, width, scale).map(
    ({ slot, room }) => {
      // Where only the last day is left, its place is that of what is live.
      if (slot > days.length && slot < last) return nothing;
      const at = (slot + 0.5) / slots;
      const isFirst = slot === 1 && at < 0.12;
      const isLast = slot === last && at > 0.88;
      const x = isFirst ? 0 : isLast ? 1 : at;
      const anchor = isFirst ? 'start' : isLast ? 'end' : 'middle';
      return svg`<text class=${live && slot === last ? `${room} now` : room} x=${percent(x)} y="16" text-anchor=${anchor}>${name(slot)}</text>`;
    },
  )}</svg>`;
}

/** The first day of each month. */
function monthsOfYear(year: string): string[] {
  return Array.from({ length: 12 }, (_, month) => `${year}-${`${month + 101}`.slice(1)}-01`);
}

/** An upper estimate of a date's width, in px: East Asian characters are wider. */
function widthOf(date: string): number {
  return 6.8 * (date.length + 0.6 * date.replace(/[^\u3000-\uffff]/g, '').length);
}

function percent(share: number): string {
  return `${round(share * 100)}%`;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
