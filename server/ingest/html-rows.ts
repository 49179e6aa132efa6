import { Parser } from 'htmlparser2';
import { UnreadableStatement } from './format.ts';

export interface HtmlRow {
  /** The line of the file that its `<tr` is on, from 1. */
  readonly line: number;
  /**
   * The texts of its cells by column, with white space collapsed to single blanks. A cell that
   * spans three columns is its text followed by two empty ones.
   */
  readonly cells: readonly string[];
}

const mostColumns = 64;
const longestCell = 1024;
const deepestNesting = 256;
/** The longest tag or comment, in characters: the parser holds each in memory as a whole. */
const longestTag = 262_144;

/**
 * The table rows of an HTML text, which need not be well formed, in batches: one for each piece of
 * text that ends a row. Cells and rows that are too long for a statement are cut. Throws
 * UnreadableStatement for tags that are too long, or nested too deep, for a statement.
 */
export async function* htmlRows(text: AsyncIterable<string>): AsyncGenerator<HtmlRow[]> {
  const reader = new RowReader();
  for await (const piece of text) {
    reader.write(piece);
    const rows = reader.takeRows();
    if (rows.length > 0) yield rows;
  }
  reader.end();
  const rows = reader.takeRows();
  if (rows.length > 0) yield rows;
}

class RowReader {
  private rows: HtmlRow[] = [];
  private row: { line: number; cells: string[] } | null = null;
  private cell: { text: string; span: number } | null = null;
  private depth = 0;
  private line = 1;
  private piece = '';
  /** Positions in the file: of the piece's start, and of the first line break not counted yet. */
  private pieceStart = 0;
  private nextBreak = Number.POSITIVE_INFINITY;
  private sinceLastEvent = 0;
  private readonly parser = new Parser({
    onopentagname: (name) => {
      this.sinceLastEvent = 0;
      if (++this.depth > deepestNesting) {
        throw new UnreadableStatement(
          'The file is no statement: its tags are nested too deep.',
          this.lineAt(this.parser.startIndex),
        );
      }
      if (name === 'tr') {
        this.endRow();
        this.row = { line: this.lineAt(this.parser.startIndex), cells: [] };
      }
    },
    onopentag: (name, attributes) => {
      if (name !== 'td' && name !== 'th') return;
      this.endCell();
      const span = Number(attributes.colspan ?? 1);
      this.cell = { text: '', span: span >= 1 && span <= mostColumns ? Math.floor(span) : 1 };
    },
    onclosetag: (name) => {
      this.sinceLastEvent = 0;
      this.depth--;
      if (name === 'td' || name === 'th') this.endCell();
      else if (name === 'tr' || name === 'table') this.endRow();
    },
    ontext: (text) => {
      this.sinceLastEvent = 0;
      if (this.cell !== null && this.cell.text.length < longestCell) {
        this.cell.text = (this.cell.text + text).slice(0, longestCell);
      }
    },
    oncomment: () => {
      this.sinceLastEvent = 0;
    },
  });

  write(piece: string): void {
    this.piece = piece;
    this.findBreak(this.pieceStart);
    this.sinceLastEvent += piece.length;
    this.parser.write(piece);
    const end = this.pieceStart + piece.length;
    if (this.sinceLastEvent > longestTag) {
      throw new UnreadableStatement(
        'The file is no statement: a tag in it has no end.',
        this.lineAt(end),
      );
    }
    this.lineAt(end);
    this.pieceStart = end;
  }

  end(): void {
    this.parser.end();
    this.endRow();
  }

  takeRows(): HtmlRow[] {
    const rows = this.rows;
    this.rows = [];
    return rows;
  }

  /** The line of a character of this piece, by its position in the file; positions must ascend. */
  private lineAt(index: number): number {
    while (this.nextBreak < index) {
      this.line++;
      this.findBreak(this.nextBreak + 1);
    }
    return this.line;
  }

  private findBreak(from: number): void {
    const found = this.piece.indexOf('\n', from - this.pieceStart);
    this.nextBreak = found === -1 ? Number.POSITIVE_INFINITY : this.pieceStart + found;
  }

  private endCell(): void {
    if (this.cell === null) return;
    const { text, span } = this.cell;
    this.cell = null;
    const cells = this.row?.cells;
    if (cells === undefined || cells.length + span > mostColumns) return;
    cells.push(text.replace(/\s+/g, ' ').trim());
    for (let i = 1; i < span; i++) cells.push('');
  }

  private endRow(): void {
    this.endCell();
    if (this.row !== null && this.row.cells.length > 0) this.rows.push(this.row);
    this.row = null;
  }
}
