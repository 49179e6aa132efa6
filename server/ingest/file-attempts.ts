import { fromDecimal, type Units } from '../../shared/money.ts';
import type { ToldAttempt } from '../records/told-attempts.ts';
import { largestAmount } from '../records/trade-rules.ts';
import type { Reading } from './format.ts';
import { parseAmount } from './number-text.ts';
import { parseAnyTime } from './time-text.ts';
import { quoted, refused } from './trade-row.ts';
import type { WallClock } from './wall-clock.ts';

/**
 * The columns by which a plain CSV tells the attempts of its account. A file that lacks one of them
 * tells none.
 */
export const attemptColumns = [
  'attempt',
  'attempt_started_at',
  'starting_balance',
  'max_drawdown',
] as const;

/** The texts of these columns in a row. */
export type AttemptCells = Readonly<Record<(typeof attemptColumns)[number], string>>;

/** The most attempts that a file may tell: they are kept in memory, and made in one transaction. */
const mostAttempts = 10_000;

const largest = fromDecimal(largestAmount);

/** What is known of an attempt. */
interface Known {
  /** The line that told it first. */
  line: number;
  attempt: number;
  startedAt: number | null;
  /** By the row that describes it; null: so far only trades have named it. */
  described: Pick<ToldAttempt, 'startingBalance' | 'maxDrawdown'> | null;
}

/**
 * Gathers what a file tells of the attempts of its account. The row of a trade names the attempt in
 * which it was opened; a row without a trade describes one. Rows may come in any order.
 */
export class FileAttempts {
  readonly #clock: WallClock;
  /** By their numbers. */
  readonly #known = new Map<number, Known>();
  /** That of the row before, which is often the same again. */
  #last: { number: string; start: string; known: Known } | null = null;

  constructor(clock: WallClock) {
    this.#clock = clock;
  }

  /** Notes the attempt that a trade names. Returns what is wrong with that; null: nothing. */
  name(line: number, cells: AttemptCells, entryTime: number): string | null {
    if (cells.attempt === '' && cells.attempt_started_at === '') return null;
    const known = this.#find(line, cells);
    if (typeof known === 'string') return known;
    const { attempt, startedAt } = known;
    if (startedAt === null || entryTime >= startedAt) return null;
    return `It was opened before the attempt ${attempt} started.`;
  }

  /** Notes the attempt that a row describes. Returns what is wrong with that; null: nothing. */
  describe(line: number, cells: AttemptCells): string | null {
    const startingBalance = readAmount(cells.starting_balance);
    const maxDrawdown = readAmount(cells.max_drawdown);
    const problems = [
      ...amountProblems('starting balance', cells.starting_balance, startingBalance),
      ...amountProblems('max drawdown', cells.max_drawdown, maxDrawdown),
    ];
    // A row that is refused tells nothing.
    const known = problems.length > 0 ? this.#read(line, cells) : this.#find(line, cells);
    if (typeof known === 'string') return [known, ...problems].join(' ');
    if (problems.length > 0) return problems.join(' ');
    known.described ??= { startingBalance, maxDrawdown };
    const { described, attempt } = known;
    const isSame =
      described.startingBalance === startingBalance && described.maxDrawdown === maxDrawdown;
    return isSame ? null : `The attempt ${attempt} was described otherwise before.`;
  }

  /** The attempts from the first on, to be asked for at the end of the file. */
  readings(): Reading[] {
    const readings: Reading[] = [];
    let before: Known | null = null;
    const inOrder = [...this.#known.values()].sort((one, other) => one.attempt - other.attempt);
    for (const known of inOrder) {
      const { line, attempt, startedAt, described } = known;
      const problem = problemOf(known, before);
      if (problem !== null) readings.push(refused(line, problem));
      else {
        readings.push({ kind: 'attempt', line, attempt, startedAt, ...described! });
        before = known;
      }
    }
    return readings;
  }

  /** The attempt that a row names; or what is wrong with that. */
  #find(line: number, cells: AttemptCells): Known | string {
    const { attempt: number, attempt_started_at: start } = cells;
    if (this.#last?.number === number && this.#last.start === start) return this.#last.known;
    const read = this.#read(line, cells);
    if (typeof read === 'string') return read;
    const known = this.#known.get(read.attempt) ?? read;
    if (known.startedAt !== read.startedAt)
      return `The attempt ${known.attempt} was told with another start before.`;
    this.#known.set(known.attempt, known);
    this.#last = { number, start, known };
    return known;
  }

  #read(
    line: number,
    { attempt: number, attempt_started_at: start }: AttemptCells,
  ): Known | string {
    const attempt = /^\d{1,5}$/.test(number) ? Number(number) : 0;
    if (attempt < 1 || attempt > mostAttempts)
      return `The attempt ${quoted(number)} is no whole number from 1 to 10,000.`;
    if (attempt === 1) {
      if (start === '') return { line, attempt, startedAt: null, described: null };
      return 'The first attempt has no start: it reaches back without end.';
    }
    const startedAt = parseAnyTime(start, this.#clock);
    if (startedAt >= 0) return { line, attempt, startedAt, described: null };
    return `The start ${quoted(start)} of the attempt ${attempt} is not a date with a time of day.`;
  }
}

/** `before`: the attempt that comes before it; null: none does. */
function problemOf({ attempt, startedAt, described }: Known, before: Known | null): string | null {
  const previous = before?.attempt ?? 0;
  if (attempt !== previous + 1)
    return `The file tells the attempt ${attempt}, but not the attempt ${previous + 1}.`;
  if (described === null)
    return `No row describes the attempt ${attempt}, which trades name: was the file cut short?`;
  if (startedAt === null || before === null || before.startedAt === null) return null;
  if (startedAt > before.startedAt) return null;
  return `The attempt ${attempt} does not start after the attempt ${previous}.`;
}

/** The amount of a cell; null: it is empty; NaN: it is none. */
function readAmount(text: string): Units | null {
  if (text === '') return null;
  const units = parseAmount(text);
  return units > 0 && units <= largest ? units : Number.NaN;
}

function amountProblems(label: string, text: string, amount: Units | null): string[] {
  if (!Number.isNaN(amount)) return [];
  return [`The ${label} ${quoted(text)} is no amount above zero with at most four decimals.`];
}
