import type { Units } from '../../shared/money.ts';
import { labelOf, type Trade, type TradeField } from '../../shared/trades.ts';
import { type TradeProblem, tradeProblems } from '../records/trade-rules.ts';
import type { Reading } from './format.ts';
import { parseNumber } from './number-text.ts';
import type { TimeParser } from './time-text.ts';
import type { WallClock } from './wall-clock.ts';

/**
 * Reads the cells of one row as fields of a trade. A number that cannot be read becomes NaN. All
 * problems are remembered, so that a refused row lists everything that is wrong with it.
 */
export class TradeRow {
  private readonly line: number;
  private problems: Pick<TradeProblem, 'field' | 'sentence'>[] | null = null;

  constructor(line: number) {
    this.line = line;
  }

  /** Remembers that a field cannot be read; `sentence` says why. */
  addProblem(field: TradeField, sentence: string): void {
    this.problems ??= [];
    this.problems.push({ field, sentence });
  }

  /** One of `words`, in any letter case. */
  word(text: string, field: TradeField, words: readonly string[]): string {
    const word = words.find((each) => each === text) ?? text.toLowerCase();
    if (!words.includes(word)) {
      this.addProblem(field, unreadable(text, field, `is neither ${words.join(' nor ')}.`));
    }
    return word;
  }

  number(text: string, field: TradeField): number {
    const number = parseNumber(text);
    if (Number.isNaN(number)) this.addProblem(field, unreadable(text, field, 'is not a number.'));
    return number;
  }

  /** `parse` returns the amount or NaN. */
  amount(text: string, field: TradeField, parse: (text: string) => Units): Units {
    const units = parse(text);
    if (Number.isNaN(units)) {
      const complaint = /\.\d{5,}$/.test(text)
        ? 'has more digits than can be kept: at most four decimals.'
        : 'is not an amount of money.';
      this.addProblem(field, unreadable(text, field, complaint));
    }
    return units;
  }

  time(text: string, field: TradeField, parse: TimeParser, clock: WallClock): number {
    const time = parse(text, clock);
    if (Number.isNaN(time)) {
      this.addProblem(field, unreadable(text, field, 'is not a date with a time of day.'));
    }
    return time;
  }

  /** A reading of the trade if it is valid, else one that refuses the row and lists all problems. */
  reading(trade: Trade): Reading {
    const broken = tradeProblems(trade);
    if (this.problems === null && broken.length === 0) {
      return { kind: 'trade', line: this.line, trade };
    }
    const unread = this.problems ?? [];
    const others = broken.filter(({ field }) => !unread.some((problem) => problem.field === field));
    return refused(this.line, [...unread, ...others].map(({ sentence }) => sentence).join(' '));
  }
}

export function refused(line: number, reason: string): Reading {
  return { kind: 'refused', line, reason };
}

export function passedOver(line: number, what: string): Reading {
  return { kind: 'passed over', line, what };
}

/** The currency code in a text of the file, in capitals; null when the text is no code. */
export function currencyNamed(text: string): string | null {
  return /^[a-z]{3}$/i.test(text) ? text.toUpperCase() : null;
}

/** A text of the file, quoted for use in a sentence: shortened, with control characters escaped. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

function unreadable(text: string, field: TradeField, complaint: string): string {
  const label = labelOf(field);
  return text === '' ? `The ${label} is missing.` : `The ${label} ${quoted(text)} ${complaint}`;
}
