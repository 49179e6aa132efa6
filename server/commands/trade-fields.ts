import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type Trade,
  type TradeColumn,
  type TradeField,
  tradeColumns,
  tradeFields,
} from '../../shared/trades.ts';
import { parseAmount, parseNumber } from '../ingest/number-text.ts';
import { orNone, type Removable, time, timeHint } from './options.ts';

/** The fields of a trade as options of a command, one for each column but the id. */

const fields = tradeFields.filter((field) => field !== 'id');

export function optionName(field: string): string {
  return `--${field.replaceAll('_', '-')}`;
}

/** Texts and numbers are read here; what values are allowed, the rules of trades say. */
export function addTradeFields(command: Command): Command {
  for (const field of fields) command.addOption(optionOf(field));
  return command;
}

/** The fields of which a command was given the option. */
export function tradeFieldsOf(options: object): Partial<Trade> {
  const given = options as Record<string, Removable<unknown>>;
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = given[optionOf(field).attributeName()];
      return value ? [[field, value.value]] : [];
    }),
  );
}

function optionOf(field: TradeField): Option {
  const column = tradeColumns[field];
  const read = parserOf(column);
  return new Option(`${optionName(field)} <value>`, describeColumn(column)).argParser(
    column.default === null ? orNone(read) : (text: string) => ({ value: read(text) }),
  );
}

/** What the API's documentation says of a column, as a command's help says it. */
function describeColumn({ kind, description }: TradeColumn): string {
  const text = description
    .replace(/ In epoch milliseconds\.$/, '')
    .replace(/\.$/, '')
    .replaceAll('`', '')
    .replace(/\bnull\b/, 'none');
  const hint = kind === 'time' ? `; ${timeHint}` : '';
  return text.charAt(0).toLowerCase() + text.slice(1) + hint;
}

function parserOf(column: TradeColumn): (text: string) => string | number | null {
  switch (column.kind) {
    case 'id':
    case 'text':
      return (text) => text.trim();
    case 'lines':
      return (text) => text.trim().replace(/\r\n?/g, '\n') || null;
    case 'word': {
      const { words } = column;
      return (text) => {
        if (words.includes(text)) return text;
        throw new InvalidArgumentError(`It must be ${words.join(' or ')}.`);
      };
    }
    case 'quantity':
    case 'price':
      return numberBy(parseNumber, 'a number');
    case 'time':
      return time;
    case 'amount':
    case 'cost':
      return numberBy(parseAmount, 'an amount with at most four decimals, such as -12.5');
  }
}

function numberBy(parse: (text: string) => number, what: string) {
  return (text: string): number => {
    const number = parse(text);
    if (Number.isNaN(number)) throw new InvalidArgumentError(`It must be ${what}.`);
    return number;
  };
}
