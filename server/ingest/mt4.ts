import { toDecimal, type Units } from '../../shared/money.ts';
import { tradeDefaults } from '../../shared/trades.ts';
import { type Format, type Reading, UnreadableStatement } from './format.ts';
import { type HtmlRow, htmlRows } from './html-rows.ts';
import { parseAmount, withoutGroups } from './number-text.ts';
import { parseMetaTraderTime } from './time-text.ts';
import { currencyNamed, passedOver, quoted, refused, TradeRow } from './trade-row.ts';
import type { WallClock } from './wall-clock.ts';

/** MetaTrader 4's statement, detailed or not: an HTML page with a table in sections. */
export const mt4 = {
  name: 'mt4',
  title: 'MetaTrader 4 statement',
  recognises: (head) =>
    // Other formats hold texts that may look like this one.
    /^\s*</.test(head) &&
    /<(?:html|table)\b/i.test(head) &&
    /<title>\s*Statement:|Closed Transactions:/i.test(head),
  async *read(text, clock) {
    const statement = new Statement(clock);
    for await (const rows of htmlRows(text)) {
      const readings = rows.map((row) => statement.read(row)).filter((each) => each !== null);
      if (readings.length > 0) yield readings;
    }
    statement.end();
  },
} as const satisfies Format;

/** The headings that a column has in older and newer statements, in the order of the table. */
const headings = {
  ticket: ['Ticket'],
  openTime: ['Open Time'],
  type: ['Type'],
  size: ['Size', 'Lots', 'Volume'],
  item: ['Item', 'Symbol'],
  openPrice: ['Price'],
  closeTime: ['Close Time'],
  closePrice: ['Price'],
  commission: ['Commission'],
  taxes: ['Taxes'],
  swap: ['Swap', 'R/O Swap'],
  profit: ['Profit', 'Trade P/L'],
} as const;
type Column = keyof typeof headings;

const sections = ['Closed Transactions:', 'Open Trades:', 'Working Orders:', 'Summary:'] as const;

class Statement {
  private readonly clock: WallClock;
  private section: (typeof sections)[number] | null = null;
  private columns: Partial<Record<Column, number>> | null = null;
  private sum: Units = 0;
  private totalChecked = false;

  constructor(clock: WallClock) {
    this.clock = clock;
  }

  read(row: HtmlRow): Reading | null {
    const { line, cells } = row;
    const first = cells[0] ?? '';
    const section = sections.find((title) => title === first);
    if (section !== undefined) {
      this.section = section;
      this.columns = null;
      return null;
    }
    if (this.section === null) return readCurrency(row);
    if (this.section === 'Closed Transactions:') return this.readClosed(row);
    if (!/^\d+$/.test(first)) return null;
    if (this.section === 'Open Trades:') return passedOver(line, 'open position');
    if (this.section === 'Working Orders:') return passedOver(line, 'pending order');
    return null;
  }

  /** Throws UnreadableStatement when the file has ended before the total of its closed trades. */
  end(): void {
    if (this.totalChecked) return;
    throw new UnreadableStatement(
      this.section === null
        ? 'This is no MetaTrader 4 statement: it has no "Closed Transactions:".'
        : 'The statement ends before its line "Closed P/L:", so it was cut short. Export it again and send the whole file.',
    );
  }

  private readClosed({ line, cells }: HtmlRow): Reading | null {
    const label = cells.findIndex((cell) => /^Closed P\/L:?$/.test(cell));
    if (label !== -1) {
      this.checkTotal(cells.slice(label + 1).find((cell) => cell !== '') ?? '', line);
      return null;
    }
    if (cells[0] === 'Ticket') {
      this.columns = findColumns(cells, line);
      return null;
    }
    const { columns } = this;
    const at = (column: Column) => cells[columns?.[column] ?? -1] ?? '';
    // Comments and sums have rows of their own, without a ticket or a type.
    if (!/^\d+$/.test(cells[0] ?? '') && at('type') === '') return null;
    if (columns === null) {
      throw new UnreadableStatement('The closed transactions have no row of headings.', line);
    }
    const type = at('type').toLowerCase();
    if (type === 'balance' || type === 'credit') return passedOver(line, `${type} row`);
    if (/^(?:buy|sell) (?:limit|stop)$/.test(type)) return passedOver(line, 'cancelled order');
    if (type !== 'buy' && type !== 'sell') {
      return refused(line, `The type ${quoted(type)} is none that a closed transaction has.`);
    }
    return this.readTrade(line, type, at);
  }

  private readTrade(line: number, type: 'buy' | 'sell', at: (column: Column) => string): Reading {
    const row = new TradeRow(line);
    const ticket = at('ticket');
    if (!/^\d+$/.test(ticket))
      row.addProblem('id', `The ticket ${quoted(ticket)} is not a number.`);
    const taxes = at('taxes');
    const fees =
      row.amount(at('commission'), 'commission', parseGrouped) +
      (taxes === '' ? 0 : row.amount(taxes, 'commission', parseGrouped));
    const pnl =
      fees +
      row.amount(at('swap'), 'pnl', parseGrouped) +
      row.amount(at('profit'), 'pnl', parseGrouped);
    // If an amount cannot be read the sum stays NaN: the row is refused, and the total not checked.
    this.sum += pnl;
    const { clock } = this;
    return row.reading({
      ...tradeDefaults,
      id: `mt4-${ticket}`,
      symbol: at('item'),
      direction: type === 'buy' ? 'long' : 'short',
      quantity: row.number(withoutGroups(at('size')), 'quantity'),
      entry_price: row.number(withoutGroups(at('openPrice')), 'entry_price'),
      exit_price: row.number(withoutGroups(at('closePrice')), 'exit_price'),
      entry_time: row.time(at('openTime'), 'entry_time', parseMetaTraderTime, clock),
      exit_time: row.time(at('closeTime'), 'exit_time', parseMetaTraderTime, clock),
      pnl,
      commission: Math.min(fees, 0),
    });
  }

  private checkTotal(printed: string, line: number): void {
    const total = parseGrouped(printed);
    if (Number.isNaN(total)) {
      throw new UnreadableStatement(`The "Closed P/L:" ${quoted(printed)} is no amount.`, line);
    }
    if (!Number.isNaN(this.sum) && total !== this.sum) {
      throw new UnreadableStatement(
        `The closed trades add up to ${toDecimal(this.sum)}, but the statement says ${printed}: rows are missing or were changed. Export it again.`,
        line,
      );
    }
    this.sum = 0;
    this.totalChecked = true;
  }
}

/** Reads the currency from a row above the sections; null when the row does not name it. */
function readCurrency({ line, cells }: HtmlRow): Reading | null {
  const [, text = ''] = /^Currency:\s*(.*)$/i.exec(cells.find(isCurrency) ?? '') ?? [];
  if (text === '') return null;
  const currency = currencyNamed(text);
  if (currency !== null) return { kind: 'currency', line, currency };
  throw new UnreadableStatement(
    `The statement is in ${quoted(text)}, which is no currency code of three letters.`,
    line,
  );
}

function isCurrency(cell: string): boolean {
  return /^Currency:/i.test(cell);
}

function findColumns(cells: readonly string[], line: number): Partial<Record<Column, number>> {
  const columns: Partial<Record<Column, number>> = {};
  const missing: string[] = [];
  let from = 0;
  for (const [column, names] of Object.entries(headings) as [Column, readonly string[]][]) {
    const place = cells.findIndex((cell, i) => i >= from && names.includes(cell));
    if (place !== -1) {
      columns[column] = place;
      from = place + 1;
    } else if (column !== 'taxes') missing.push(names[0]!);
  }
  if (missing.length > 0) {
    throw new UnreadableStatement(
      `The closed transactions lack the columns ${missing.join(', ')}.`,
      line,
    );
  }
  return columns;
}

function parseGrouped(text: string): Units {
  return parseAmount(withoutGroups(text));
}
