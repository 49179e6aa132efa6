import { formatDay, utcDay } from '../../shared/day.ts';
import { unitsPerWhole } from '../../shared/money.ts';
import { areLinesPrintable, isPrintable } from '../../shared/printable.ts';
import {
  fieldsWhere,
  labelOf,
  type Trade,
  type TradeColumn,
  type TradeField,
  tradeColumns,
  tradeFields,
} from '../../shared/trades.ts';

/** What is wrong with one field of a trade. */
export interface TradeProblem {
  readonly field: TradeField;
  /** What is wrong, without the field's name: `must be above zero`. */
  readonly message: string;
  /** A whole sentence for a person. */
  readonly sentence: string;
}

/** The largest quantity and price, above or below zero. */
export const largestNumber = 1e12;
/** The largest amount of money, above or below zero, in the account's currency. */
export const largestAmount = 1e10;
/** In epoch ms: a time outside is taken for a mistake. */
export const earliestTime = Date.UTC(1970, 0, 2);
export const latestTime = Date.UTC(2100, 0, 1);

const largestUnits = largestAmount * unitsPerWhole;
const longestId = 64;
const idPattern = /^[A-Za-z0-9_.:-]+$/;
const plainPattern = /^[\x21-\x7e]{1,32}$/;

/** The rule for the values of one kind of column. */
interface Rule {
  holds(value: never): boolean;
  /**
   * The end of a sentence that begins with the column's name and "must". Made only when it is
   * needed: formatting a number loads Intl, with which every command would take longer to start.
   */
  must(): string;
}

function ruleOf(column: TradeColumn): Rule {
  switch (column.kind) {
    case 'id':
      return {
        holds: (id: string) => id.length <= longestId && idPattern.test(id) && !/^\.\.?$/.test(id),
        must: () => `be 1 to ${longestId} letters, digits and the signs _ . : - only`,
      };
    case 'text':
      return {
        holds: (text: string) => isName(text, column.longest),
        must: () => `be 1 to ${column.longest} printable characters`,
      };
    case 'lines':
      return {
        holds: (text: string) =>
          !isLonger(text, column.longest) && text === text.trim() && areLinesPrintable(text),
        must: () => `be 1 to ${column.longest.toLocaleString('en')} printable characters`,
      };
    case 'word':
      return {
        holds: (word: string) => column.words.includes(word),
        must: () => `be ${column.words.join(' or ')}`,
      };
    case 'quantity':
      return {
        holds: (quantity: number) => quantity > 0 && quantity <= largestNumber,
        must: () => `be above zero and at most ${grouped(largestNumber)}`,
      };
    case 'price':
      return {
        holds: (price: number) => Math.abs(price) <= largestNumber,
        must: () => `be a number of at most ${grouped(largestNumber)}`,
      };
    case 'time':
      return {
        holds: isTime,
        must: () => `lie between ${dayOf(earliestTime)} and ${dayOf(latestTime)}`,
      };
    case 'amount':
      return {
        holds: isAmount,
        must: () => `be at most ${grouped(largestAmount)} above or below zero`,
      };
    case 'cost':
      return {
        holds: (units: number) => isAmount(units) && units <= 0,
        must: () => `be zero or below, and at least ${grouped(-largestAmount)}`,
      };
  }
}

function grouped(number: number): string {
  return number.toLocaleString('en');
}

function dayOf(time: number): string {
  return formatDay(utcDay(time));
}

/** Whether a text has more characters, which may each be two units of UTF-16. */
function isLonger(text: string, longest: number): boolean {
  return text.length > longest && (text.length > 2 * longest || [...text].length > longest);
}

function isName(text: string, longest: number): boolean {
  if (isLonger(text, longest)) return false;
  return plainPattern.test(text) || (text === text.trim() && isPrintable(text));
}

function isTime(time: number): boolean {
  return Number.isInteger(time) && time >= earliestTime && time <= latestTime;
}

function isAmount(units: number): boolean {
  return Number.isInteger(units) && Math.abs(units) <= largestUnits;
}

const rules = tradeFields.map((field) => {
  const column = tradeColumns[field];
  const { holds, must } = ruleOf(column);
  return {
    field,
    mayBeNull: column.default === null,
    holds: holds as (value: Trade[TradeField]) => boolean,
    message: () => `must ${must()}`,
  };
});

const rulesByField = new Map(rules.map((rule) => [rule.field, rule]));

/** What is wrong with the value of a field by itself, without the field's name; null: nothing. */
export function fieldProblem(field: TradeField, value: Trade[TradeField]): string | null {
  const { mayBeNull, holds, message } = rulesByField.get(field)!;
  return (value === null ? mayBeNull : holds(value)) ? null : message();
}

/** The fields that are null in an open trade and must not be in a closed one. */
export const ofClosed = fieldsWhere(
  (column) => column.settled === 'at exit' && column.default === null,
);

const withArticles = ofClosed
  .map(labelOf)
  .map((label) => `${/^[aeiou]/.test(label) ? 'an' : 'a'} ${label}`);
// Not Intl.ListFormat, with which every command would take a sixth longer to start.
const needsOfClosed = `${withArticles.slice(0, -1).join(', ')} and ${withArticles.at(-1)}`;

/**
 * All problems of a trade: first those of single fields, in order, then those of fields together;
 * empty when the trade is valid. Every trade, from whatever source, is checked against these rules
 * before it is stored. Texts must not have white space around them.
 */
export function tradeProblems(trade: Trade): readonly TradeProblem[] {
  const problems: TradeProblem[] = [];
  for (const { field, mayBeNull, holds, message } of rules) {
    const value = trade[field];
    if (value === null ? mayBeNull : holds(value)) continue;
    problems.push(problemOf(field, message()));
  }
  const { entry_time, exit_time } = trade;
  if (exit_time !== null && isTime(exit_time) && exit_time < entry_time) {
    problems.push(problemOf('exit_time', 'must not lie before the entry time'));
  }
  if (ofClosed.some((field) => trade[field] !== null)) {
    for (const field of ofClosed) {
      if (trade[field] !== null) continue;
      problems.push({
        field,
        message: `is missing: a closed trade needs ${needsOfClosed}`,
        sentence: `A closed trade needs ${needsOfClosed}: the ${labelOf(field)} is missing.`,
      });
    }
  }
  return problems;
}

function problemOf(field: TradeField, message: string): TradeProblem {
  return { field, message, sentence: `The ${labelOf(field)} ${message}.` };
}
