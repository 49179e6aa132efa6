import type { Trade } from '../../shared/trades.ts';
import type { ToldAttempt } from '../records/told-attempts.ts';
import type { WallClock } from './wall-clock.ts';

/** The result of reading a row of a statement, which starts on `line` of the file, from 1. */
export type Reading =
  | { kind: 'trade'; line: number; trade: Trade }
  /** The row should be a trade but is no valid one; `reason` says why, in sentences for a person. */
  | { kind: 'refused'; line: number; reason: string }
  /** All amounts of money in the file, before this row too, are in this currency (ISO 4217). */
  | { kind: 'currency'; line: number; currency: string }
  /**
   * The file tells of an attempt of the account: all that a format tells come after its last row, in
   * their order, from the first on. `startedAt`: when it starts, epoch ms; null: it is the first.
   */
  | ({ kind: 'attempt'; line: number } & ToldAttempt)
  /** The row is not meant to be a trade: `what` says 'balance row', 'open position' and the like. */
  | { kind: 'passed over'; line: number; what: string };

/** A file format from which trades can be imported. */
export interface Format {
  /** Its name for `--format`. */
  readonly name: string;
  /** Its name in sentences, such as 'Tradovate Performance'. */
  readonly title: string;
  /** Whether a file that starts with this text (some 8,000 characters) is of this format. */
  recognises(head: string): boolean;
  /**
   * Reads a statement from its first character to its last. The readings come in the order of the
   * file, in batches of about one for each piece of text; memory does not grow with the file.
   * Throws UnreadableStatement when the file as a whole cannot be trusted. That may be after many
   * readings, none of which can be trusted then.
   */
  read(text: AsyncIterable<string>, clock: WallClock): AsyncIterable<Reading[]>;
}

/** The file as a whole is not a statement that can be read. Its message is a sentence for a person. */
export class UnreadableStatement extends Error {
  override readonly name = 'UnreadableStatement';
  /** The line of the file (from 1) where the problem was found; null: no particular one. */
  readonly line: number | null;

  constructor(message: string, line: number | null = null) {
    super(message);
    this.line = line;
  }
}
