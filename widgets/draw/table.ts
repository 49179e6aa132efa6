import { html, nothing, type TemplateResult } from 'lit';
import { signOf } from '../core/figure.ts';
import type { Formats } from '../core/formats.ts';
import { commonWordsOf } from '../core/words.ts';

export interface Row {
  /** Its `data-item`. The first of a picture is 0. */
  item: number;
  /** The parts of its accessible name: all figures in full. An empty list is no part. */
  label: (string | string[])[];
  /** The first is the row's header. */
  cells: unknown[];
  name?: string | false;
}

/** A table for table-styles.ts, its rows in groups. */
export function drawTable(
  label: string,
  name: string,
  /** Names of the columns, for styles. */
  columns: readonly string[],
  heads: readonly unknown[],
  groups: readonly Row[][],
  formats: Formats,
  /** The column that the rows are sorted by; 0 where they can't be sorted. */
  sorted = 0,
  /** Drawn over the table. */
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
  { item, label, cells: [first, ...others], name }: Row,
  columns: readonly string[],
  formats: Formats,
): TemplateResult {
  return html`<tr class=${name || nothing} data-item=${item} tabindex=${item ? -1 : 0} aria-label=${joinLabel(label, formats)}>
    <th scope="row" class="col-${columns[0]}">${first}</th>${others.map((cell, index) => html`<td class="col-${columns[index + 1]}">${cell}</td>`)}
  </tr>`;
}

export function joinLabel(label: Row['label'], formats: Formats): string {
  return label.flat().join(commonWordsOf(formats).comma);
}

/** How long new rows take to slide in, in ms. */
const duration = 220;

/** Animates new rows at the top; `height` is that of all of them, in px. */
export function slideIn(root: ParentNode, height: number): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  root
    .querySelector('tbody')
    ?.animate([{ transform: `translateY(${-height}px)` }, { transform: 'none' }], {
      duration,
      easing: 'ease-out',
    });
}

type Write = (amount: number) => string;

/** They have no width. */
const directionMarks = /[\u061c\u200e\u200f\u2066-\u2069]/g;

/** The length of the longest of these, in characters. */
export function longestOf(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.replace(directionMarks, '').length));
}

/** A short amount of more characters is written without its currency. */
const longestShort = 12;

/** A column of profits and losses. */
export interface Gains {
  draw(amount: number): TemplateResult;
  /** The length of the longest on a narrow card, in characters. */
  length: number;
}

/**
 * Draws a column of profits and losses, all in the same format: the fullest in which the longest has
 * no more than `wide` characters on a card from 392 px, and `slim` on a narrower one.
 */
export function gainsOf(
  amounts: readonly number[],
  wide: number,
  slim: number,
  { gain, wholeGain, shortGain, tinyGain }: Formats,
  writers: readonly Write[] = [gain, wholeGain],
): Gains {
  const lengthOf = (write: Write) => longestOf(amounts.map(write));
  // Units only where they make the whole column narrower: otherwise some figures would have one and some not.
  const unit = lengthOf(shortGain) < lengthOf(wholeGain) ? shortGain : wholeGain;
  const fullest = (room: number) =>
    writers.find((write) => lengthOf(write) <= room) ??
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

/** A bar from `start` on; `start` and `share` are shares of its box. `background` is drawn below it. */
export function drawPart(
  start: number,
  share: number,
  name: string,
  background: TemplateResult | typeof nothing,
): TemplateResult {
  return html`<svg class="part" aria-hidden="true">${background}<rect class=${name} x=${percentOf(start)} width=${percentOf(share)} height="6" rx="3"/></svg>`;
}

export function percentOf(share: number): string {
  return `${Math.round(share * 1000) / 10}%`;
}

/** Placeholders for the main figure and the rows of a table. */
export function drawTableSkeleton(rows: number): TemplateResult {
  return html`<div class="list">
    <div class="lead"><p class="skeleton"></p><div><p class="skeleton"></p><p class="skeleton"></p></div></div>
    <div class="skeletons">${Array.from({ length: rows }, () => html`<p><i class="skeleton"></i><i class="skeleton"></i></p>`)}</div>
  </div>`;
}
