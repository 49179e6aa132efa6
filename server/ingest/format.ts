import type { Trade } from '../../shared/trades.ts';
import type { WallClock } from './wall-clock.ts';

/** What became of one row of a statement. `line` is the line of the file it starts on, from 1. */
export type Reading =
  | { kind: 'trade'; line: number; trade: Trade }
  /** The row should be a trade and is none; `reason` says why, in sentences for a person. */
  | { kind: 'refused'; line: number; reason: string }
  /** All amounts of money, from here on and before, are in this currency (ISO 4217). */
  | { kind: 'currency'; line: number; currency: string }
  /** The row is no trade and should be none: `what` says 'balance row', 'open position' and the like. */
  | { kind: 'passed over'; line: number; what: string };

/** A kind of file that trades come in. */
export interface Format {
  /** What `--format` calls it. */
  readonly name: string;
  /** What a person calls it: 'Tradovate Performance'. */
  readonly title: string;
  /** Whether a file that starts with this text (some 8,000 characters) is of this format. */
  recognises(head: string): boolean;
  /**
   * Reads a statement from its first character to its last. The readings come in the order of the
   * file, in batches of about one for each piece of text; memory does not grow with the file.
   * Throws UnreadableStatement, possibly after many readings, when the file as a whole cannot be
   * trusted: then none of its readings can.
   */
  read(text: AsyncIterable<string>, clock: WallClock): AsyncIterable<Reading[]>;
}

/** The file as a whole is not a statement that can be read. Its message is a sentence for a person. */
export class UnreadableStatement extends Error {
  override readonly name = 'UnreadableStatement';
  /** The line of the file (from 1) where this was noticed, if it belongs to one. */
  readonly line: number | null;

  constructor(message: string, line: number | null = null) {
    super(message);
    this.line = line;
  }
}
