import { directions } from '../../shared/answers/trades.ts';
import { unitsPerWhole } from '../../shared/money.ts';
import { isPrintable } from '../../shared/printable.ts';
import type { StatementTrade } from './format.ts';

/** The fields of a trade as the API names them. */
export type TradeField =
  | 'id'
  | 'symbol'
  | 'contract'
  | 'direction'
  | 'quantity'
  | 'entry_price'
  | 'exit_price'
  | 'entry_time'
  | 'exit_time'
  | 'pnl'
  | 'commission'
  | 'setup_type';

/** What is wrong with one field of a trade. */
export interface TradeProblem {
  readonly field: TradeField;
  /** Says it to a person, in a whole sentence. */
  readonly sentence: string;
}

/** No quantity and no price, above or below zero, goes beyond this. */
export const largestNumber = 1e12;
/** No amount of money, above or below zero, goes beyond this, in the account's currency. */
export const largestAmount = 1e10;
/** 1970-01-02 and 2100-01-01, in epoch ms: what lies outside is a mistake. */
export const earliestTime = 86_400_000;
export const latestTime = 4_102_444_800_000;

const largestUnits = largestAmount * unitsPerWhole;
const idPattern = /^[A-Za-z0-9_.:-]{1,64}$/;
const plainPattern = /^[\x21-\x7e]{1,32}$/;
const none: readonly TradeProblem[] = Object.freeze([]);

/**
 * All that is wrong with a trade, in the order of its fields; empty when it may be kept. Every trade
 * is held against these rules before it is written, whichever way it came in. Texts are expected
 * without white space around them.
 */
export function tradeProblems(trade: StatementTrade): readonly TradeProblem[] {
  let problems: TradeProblem[] | null = null;
  const { id, symbol, contract, setupType, exitPrice, exitTime, pnl, commission } = trade;

  function add(field: TradeField, sentence: string): void {
    problems ??= [];
    problems.push({ field, sentence });
  }

  if (!idPattern.test(id)) {
    add('id', 'The id must be 1 to 64 letters, digits and the signs _ . : - only.');
  }
  if (!isName(symbol, 32)) {
    add('symbol', 'The symbol must be 1 to 32 printable characters.');
  }
  if (contract !== null && !isName(contract, 32)) {
    add('contract', 'The contract must be 1 to 32 printable characters.');
  }
  if (!directions.includes(trade.direction)) {
    add('direction', 'The direction must be long or short.');
  }
  if (!(trade.quantity > 0 && trade.quantity <= largestNumber)) {
    add('quantity', 'The quantity must be above zero and at most 1,000,000,000,000.');
  }
  if (!isPrice(trade.entryPrice)) {
    add('entry_price', 'The entry price must be a number of at most 1,000,000,000,000.');
  }
  if (exitPrice !== null && !isPrice(exitPrice)) {
    add('exit_price', 'The exit price must be a number of at most 1,000,000,000,000.');
  }
  if (!isTime(trade.entryTime)) {
    add('entry_time', 'The entry time must lie between 1970-01-02 and 2100-01-01.');
  }
  if (exitTime !== null && !isTime(exitTime)) {
    add('exit_time', 'The exit time must lie between 1970-01-02 and 2100-01-01.');
  } else if (exitTime !== null && exitTime < trade.entryTime) {
    add('exit_time', 'The exit time must not lie before the entry time.');
  }
  if (pnl !== null && !isAmount(pnl)) {
    add('pnl', 'The P&L must be at most 10,000,000,000 above or below zero.');
  }
  if (!isAmount(commission) || commission > 0) {
    add('commission', 'The commission must be zero or below, and at least -10,000,000,000.');
  }
  if (setupType !== null && !isName(setupType, 64)) {
    add('setup_type', 'The setup type must be 1 to 64 printable characters.');
  }
  const open = exitTime === null && exitPrice === null && pnl === null;
  if (!open) {
    const closed = 'A closed trade needs an exit price, an exit time and a P&L:';
    if (exitPrice === null) add('exit_price', `${closed} the exit price is missing.`);
    if (exitTime === null) add('exit_time', `${closed} the exit time is missing.`);
    if (pnl === null) add('pnl', `${closed} the P&L is missing.`);
  }
  return problems ?? none;
}

function isName(text: string, longest: number): boolean {
  if (plainPattern.test(text)) return true;
  return text.length >= 1 && text.length <= longest && text === text.trim() && isPrintable(text);
}

function isPrice(price: number): boolean {
  return Math.abs(price) <= largestNumber;
}

function isTime(time: number): boolean {
  return Number.isInteger(time) && time >= earliestTime && time <= latestTime;
}

function isAmount(units: number): boolean {
  return Number.isInteger(units) && Math.abs(units) <= largestUnits;
}
