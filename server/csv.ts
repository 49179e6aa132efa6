/** Comma-separated tables as the API writes them (RFC 4180), for spreadsheets and for our own import. */
export const csvType = 'text/csv; charset=utf-8; header=present';

export type Cell = string | number | null;

/** The header of a table, and a row for each object, in the order of the columns. */
export function csvTable<Column extends string>(
  columns: readonly Column[],
  rows: readonly Readonly<Record<Column, Cell>>[],
): string {
  return [csvRow(columns), ...rows.map((row) => csvRow(columns.map((name) => row[name])))].join('');
}

export function csvRow(cells: readonly Cell[]): string {
  return `${cells.map(write).join(',')}\r\n`;
}

function write(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = guarded(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A text that a spreadsheet would run, that looks guarded already, or that our import takes for none. */
const needsGuard = /^(?:[=+\-@\t\r']|null$)/;
const guard = "'";

/** A text with an apostrophe before it if it needs one, so that a spreadsheet runs nothing. */
function guarded(text: string): string {
  return needsGuard.test(text) ? guard + text : text;
}

/** The inverse: takes exactly one apostrophe off. */
export function withoutGuard(text: string): string {
  return text.startsWith(guard) ? text.slice(guard.length) : text;
}
