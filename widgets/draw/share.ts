import { svg, type TemplateResult } from 'lit';

/** Pictures of 80 × 16 px beside a figure. Gains are filled, losses hollow. */
const width = 80;
const thickness = 6;

function filled(y: number, length: number): TemplateResult {
  return svg`<rect class="filled" y=${y} width=${length} height=${thickness} rx="2"/>`;
}

function hollow(x: number, y: number, length: number): TemplateResult {
  return svg`<rect class="hollow" x=${x + 0.5} y=${y + 0.5} width=${length - 1} height=${thickness - 1} rx="1.5"/>`;
}

/** Two parts of a whole, side by side. */
export function drawShares(first: number, second: number): TemplateResult {
  const gap = first && second ? 2 : 0;
  const length = round(((width - gap) * first) / (first + second || 1));
  return svg`${first ? filled(5, length) : ''}${
    second ? hollow(length + gap, 5, round(width - gap - length)) : ''
  }`;
}

/** Two bars to compare, one above the other. */
export function drawLengths(first: number, second: number): TemplateResult {
  const scale = width / Math.max(first, second, 1e-9);
  return svg`${first ? filled(1, round(first * scale)) : ''}${
    second ? hollow(0, 9, Math.max(2, round(second * scale))) : ''
  }`;
}

/** Counts in a row, as vertical strokes. Where they don't fit neighbours are added up. */
export function drawCounts(counts: readonly number[]): TemplateResult {
  const columns = Math.min(counts.length, 27);
  const sums = new Array<number>(columns).fill(0);
  counts.forEach((count, index) => {
    sums[Math.floor((index * columns) / counts.length)]! += count;
  });
  const pitch = Math.min(width / columns, 8);
  const most = Math.max(...sums, 1);
  const path = sums.map((sum, column) => {
    const length = Math.max(1, round((sum / most) * 16));
    return `M${round(width - pitch * (columns - column) + pitch / 2)} 16v-${length}`;
  });
  return svg`<path class="stripes" d=${path.join('')} stroke-width=${round(pitch * 0.62)}/>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
