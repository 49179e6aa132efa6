import { type CsvRow, csvRows } from './csv-rows.ts';
import { type Reading, UnreadableStatement } from './format.ts';
import { currencyNamed, quoted, refused } from './trade-row.ts';

/** The index of each column in a row; -1 when the file has no such column. */
export type Places<Column extends string> = Readonly<Record<Column, number>>;

/** The names of columns in a table's first row, in lower case. */
export function headerColumns(head: string): string[] {
  const [first = ''] = head.trimStart().split(/[\r\n]/, 1);
  return first.split(',').map((name) => plainName(name.replaceAll('"', '')));
}

/** The cell of a row at an index, without white space around it; '' when there is none. */
export function cellAt(cells: readonly string[], place: number): string {
  return (cells[place] ?? '').trim();
}

/**
 * Reads a comma-separated table whose first row names its columns, in any order and letter case.
 * `readRow` reads each row that has as many cells as the header; a row that has more or fewer is
 * refused, an entirely empty one is left out. In every format, an optional column `currency` names
 * the currency of the amounts. Throws UnreadableStatement when one of the `required` columns is
 * missing, a column is named twice, or there is no header at all.
 */
export async function* csvReadings<Column extends string>(
  text: AsyncIterable<string>,
  required: readonly Column[],
  optional: readonly Column[],
  readRow: (row: CsvRow, places: Places<Column>) => Reading | null,
): AsyncGenerator<Reading[]> {
  let places: Places<Column> | null = null;
  let width = 0;
  let currencyPlace = -1;
  let currencyText = '';
  for await (const rows of csvRows(text)) {
    const readings: Reading[] = [];
    for (const row of rows) {
      const { line, cells } = row;
      if (places === null) {
        places = findPlaces(row, required, optional);
        width = cells.length;
        currencyPlace = cells.findIndex((name) => plainName(name) === 'currency');
      } else if (cells.length === width) {
        if (cells[0] === '' && cells.every((cell) => cell === '')) continue;
        const named = currencyPlace === -1 ? '' : cellAt(cells, currencyPlace);
        if (named !== currencyText && named !== '' && named !== 'null') {
          const currency = currencyNamed(named);
          if (currency === null) {
            const reason = `The currency ${quoted(named)} is no code of three letters such as USD.`;
            readings.push(refused(line, reason));
            continue;
          }
          readings.push({ kind: 'currency', line, currency });
          currencyText = named;
        }
        const reading = readRow(row, places);
        if (reading !== null) readings.push(reading);
      } else {
        const end = cells.length < width ? ': it may have been cut short.' : '.';
        readings.push(
          refused(line, `The row has ${cells.length} cells, the header ${width}${end}`),
        );
      }
    }
    if (readings.length > 0) yield readings;
  }
  if (places === null) throw new UnreadableStatement('The file is empty.');
}

function findPlaces<Column extends string>(
  header: CsvRow,
  required: readonly Column[],
  optional: readonly Column[],
): Places<Column> {
  const names = header.cells.map(plainName);
  const places = {} as Record<Column, number>;
  for (const column of [...required, ...optional]) {
    places[column] = names.indexOf(plainName(column));
    if (names.lastIndexOf(plainName(column)) !== places[column]) {
      throw new UnreadableStatement(`The column ${column} stands there twice.`, header.line);
    }
  }
  const missing = required.filter((column) => places[column] === -1);
  if (missing.length > 0) {
    throw new UnreadableStatement(
      `The header lacks ${missing.length === 1 ? 'the column' : 'the columns'} ${missing.join(', ')}.`,
      header.line,
    );
  }
  return places;
}

function plainName(name: string): string {
  return name.trim().toLowerCase();
}
