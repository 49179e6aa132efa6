import { CsvError, Parser } from 'csv-parse';
import { UnreadableStatement } from './format.ts';

export interface CsvRow {
  /** The line of the file it starts on, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** The longest row, in characters, so that an open quotation mark does not fill the memory. */
const longestRow = 131_072;

/**
 * The rows of a comma-separated text in batches, one for each piece of text that ends a row. Empty
 * lines are left out. Throws UnreadableStatement for a misplaced or open quotation mark, after
 * which it is unknown where rows end, and for a row that is too long.
 */
export async function* csvRows(text: AsyncIterable<string>): AsyncGenerator<CsvRow[]> {
  let rows: CsvRow[] = [];
  let lastLine = 0;
  // The parser counts a CR LF within quotation marks as two lines.
  let linesTooMany = 0;
  const parser = new Parser({
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    relax_column_count: true,
    on_record(cells: string[], info): null {
      let line = info.lines - linesTooMany;
      if (line > lastLine + 1) {
        const breaks = cells.join().match(/\r\n|\r|\n/g) ?? [];
        linesTooMany += breaks.filter((each) => each.length === 2).length;
        line = info.lines - linesTooMany;
        rows.push({ line: line - breaks.length, cells });
      } else rows.push({ line, cells });
      lastLine = line;
      return null;
    },
  });
  parser.on('error', () => {}); // the callbacks below get errors too

  const settle = (step: (done: (error?: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) => {
      step((error) => (error ? reject(explained(error, lastLine)) : resolve()));
    });

  let unfinished = 0;
  for await (const piece of text) {
    await settle((done) => parser.write(piece, done));
    unfinished = rows.length > 0 ? 0 : unfinished + piece.length;
    if (unfinished > longestRow) {
      throw new UnreadableStatement(
        `${rowAfter(lastLine)} does not end within ${longestRow} characters: is a quotation mark left open, or is this another kind of file?`,
        lastLine + 1,
      );
    }
    if (rows.length > 0) yield rows;
    rows = [];
  }
  await settle((done) => parser.end(done));
  if (rows.length > 0) yield rows;
}

function explained(error: Error, lastLine: number): Error {
  if (!(error instanceof CsvError)) return error;
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    return new UnreadableStatement(
      `${rowAfter(lastLine)} has a quotation mark that is never closed: was the file cut short? Export it again.`,
      lastLine + 1,
    );
  }
  return new UnreadableStatement(
    `${rowAfter(lastLine)} has a quotation mark in the middle of a cell.`,
    lastLine + 1,
  );
}

function rowAfter(line: number): string {
  return line === 0 ? 'The first row' : `The row after line ${line}`;
}
