import { html, nothing, type TemplateResult } from 'lit';
import { signOf } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';
import { commonWordsOf } from '../core/words.ts';

export interface Row {
  /** Its `data-item`. The first of a picture is 0. */
  item: number;
  /** All it says, in full, lists among it. */
  told: (string | string[])[];
  /** The first is what the row is called. */
  cells: unknown[];
  name?: string | false;
}

/** A table called `label`, as table-styles.ts has it. The rows of each group stand apart from those of the others. */
export function drawTable(
  label: string,
  name: string,
  /** What style knows the columns by. */
  columns: readonly string[],
  heads: readonly unknown[],
  groups: readonly Row[][],
  formats: Formats,
  /** The column the rows are ordered by, of those that can be chosen: all but the first. */
  sorted = 0,
  /** What lies over the table. */
  over: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  const sortOf = (column: number) =>
    sorted && column ? (column === sorted ? 'descending' : 'none') : nothing;
  return html`<div class="scroll"><table role="grid" aria-label=${label} class=${name}>
    <thead><tr>${heads.map((head, column) => html`<th scope="col" class="col-${columns[column]}" aria-sort=${sortOf(column)}>${head}</th>`)}</tr></thead>
    ${groups.map((rows) => html`<tbody>${rows.map((row) => drawRow(row, columns, formats))}</tbody>`)}
  </table>${over}</div>`;
}

function drawRow(
  { item, told, cells: [first, ...others], name }: Row,
  columns: readonly string[],
  formats: Formats,
): TemplateResult {
  return html`<tr class=${name || nothing} data-item=${item} tabindex=${item ? -1 : 0} aria-label=${labelOf(told, formats)}>
    <th scope="row" class="col-${columns[0]}">${first}</th>${others.map((cell, index) => html`<td class="col-${columns[index + 1]}">${cell}</td>`)}
  </tr>`;
}

export function labelOf(told: Row['told'], formats: Formats): string {
  return told.flat().join(commonWordsOf(formats).comma);
}

/** How long new rows take to come in, in ms. */
const pace = 220;

/** Rows of this `height` together were put before the others. */
export function slideIn(root: ParentNode, height: number): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  root
    .querySelector('tbody')
    ?.animate([{ transform: `translateY(${-height}px)` }, { transform: 'none' }], {
      duration: pace,
      easing: 'ease-out',
    });
}

type Write = (amount: number) => string;

/** Marks that keep a direction: they have no width. */
const unseen = /[\u061c\u200e\u200f\u2066-\u2069]/g;

/** How many characters the longest of these has. */
export function longestOf(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.replace(unseen, '').length));
}

/** A short amount of more characters goes without its currency. */
const longestShort = 12;

/** The figures of profit or loss of a column. */
export interface Gains {
  draw(amount: number): TemplateResult;
  /** How many characters the longest has on a narrow card. */
  length: number;
}

/**
 * Draws the figures of profit or loss of one column, all written alike: in the fullest of these
 * `ways` in which the longest has no more characters than a card of 392 px has room for (`wide`), or
 * a narrower one (`slim`).
 */
export function gainsOf(
  amounts: readonly number[],
  wide: number,
  slim: number,
  { gain, wholeGain, shortGain, tinyGain }: Formats,
  ways: readonly Write[] = [gain, wholeGain],
): Gains {
  const lengthOf = (write: Write) => longestOf(amounts.map(write));
  // Where units don't make the column narrower some of it would have them and some not.
  const unit = lengthOf(shortGain) < lengthOf(wholeGain) ? shortGain : wholeGain;
  const fullest = (room: number) =>
    ways.find((write) => lengthOf(write) <= room) ??
    (lengthOf(unit) > longestShort ? tinyGain : unit);
  const long = fullest(wide);
  const short = fullest(slim);
  return {
    length: lengthOf(short),
    draw: (amount) =>
      html`<b class=${signOf(amount)}>${
        long === short
          ? long(amount)
          : html`<span class="medium">${long(amount)}</span><span class="slim">${short(amount)}</span>`
      }</b>`,
  };
}

/** A bar over a part of its place, from `start` on; both are shares of it. `ground` lies beneath. */
export function drawPart(
  start: number,
  share: number,
  name: string,
  ground: TemplateResult | typeof nothing,
): TemplateResult {
  return html`<svg class="part" aria-hidden="true">${ground}<rect class=${name} x=${percentOf(start)} width=${percentOf(share)} height="6" rx="3"/></svg>`;
}

export function percentOf(share: number): string {
  return `${Math.round(share * 1000) / 10}%`;
}

/** What stands for the one number and a table before there are figures. */
export function drawBoneTable(rows: number): TemplateResult {
  return html`<div class="list">
    <div class="lead"><p class="bone"></p><div><p class="bone"></p><p class="bone"></p></div></div>
    <div class="bones">${Array.from({ length: rows }, () => html`<p><i class="bone"></i><i class="bone"></i></p>`)}</div>
  </div>`;
}
