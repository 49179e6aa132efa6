import { createHash } from 'node:crypto';
import type SQLite from 'better-sqlite3';
import type { ToldAttempt } from '../records/told-attempts.ts';
import { UnreadableStatement } from './format.ts';
import { findFormat, formats, type KnownFormat } from './formats.ts';
import { Incoming, type PartSizes } from './incoming.ts';
import { OddTimes } from './odd-times.ts';
import { addRefusals, type ImportReport, type ImportSettings } from './report.ts';
import { openStatement } from './statement-text.ts';
import { type WallClock, wallClock } from './wall-clock.ts';

/** What a report says of the file alone. */
export type StatementReport = Pick<
  ImportReport,
  | ('format' | 'read' | 'refused' | 'refusals' | 'passed_over')
  | ('assumed_zone' | 'in_future' | 'long_ago')
>;

/** What was read from a file. */
export interface Statement {
  incoming: Incoming;
  /** Null when the file names none. */
  currency: string | null;
  /** The attempts of its account that it tells of, in order. */
  attempts: readonly ToldAttempt[];
  /** Of its bytes, hex. */
  sha256: string;
  report: StatementReport;
}

/** Reads a statement that comes in pieces. */
export class StatementReader {
  readonly #settings: ImportSettings;
  readonly #clock: WallClock;
  readonly #incoming: Incoming;
  readonly #oddTimes: OddTimes;
  readonly #pipe = new TransformStream<Uint8Array, Uint8Array>();
  readonly #writer = this.#pipe.writable.getWriter();
  readonly #hash = createHash('sha256');
  readonly #reading: Promise<Omit<Statement, 'sha256'>>;

  /** `handle`: a connection of its own, for temporary tables. Throws RangeError for an unknown zone. */
  constructor(handle: SQLite.Database, settings: ImportSettings, now: number, sizes: PartSizes) {
    this.#settings = settings;
    this.#clock = wallClock(settings.zone ?? 'UTC');
    this.#incoming = new Incoming(handle, sizes);
    this.#oddTimes = new OddTimes(now);
    this.#reading = this.#readAll();
    // Both are told to who calls `read` or `end`.
    this.#reading.catch(() => {});
    this.#writer.closed.catch(() => {});
  }

  /** Reads the next piece. Throws UnreadableStatement when it can't be read as a statement. */
  async read(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    const written = this.#writer.write(bytes);
    written.catch(() => {});
    // What has ended the reading says more than that no more can be written.
    await Promise.race([written.catch(() => this.#reading), this.#reading]);
  }

  /** To be called after the last piece. Throws as `read` does. */
  async end(): Promise<Statement> {
    this.#writer.close().catch(() => {});
    const read = await this.#reading;
    if (read.incoming.isLarge) read.incoming.sort();
    return { ...read, sha256: this.#hash.digest('hex') };
  }

  /** To be called when nothing more comes, or is wanted. */
  stop(): void {
    this.#writer.abort().catch(() => {});
  }

  async #readAll(): Promise<Omit<Statement, 'sha256'>> {
    const { head, text } = await openStatement(this.#pipe.readable);
    const format = chooseFormat(this.#settings.format, head);
    const incoming = this.#incoming;
    const report: StatementReport = {
      ...{ format: format.name, read: 0, refused: 0, refusals: [], passed_over: {} },
      ...{ assumed_zone: null, ...this.#oddTimes.found },
    };
    let currency: string | null = null;
    const attempts: ToldAttempt[] = [];
    for await (const readings of format.read(text, this.#clock)) {
      for (const reading of readings) {
        if (reading.kind === 'trade') {
          incoming.add(reading.line, reading.trade);
          this.#oddTimes.look(reading.line, reading.trade);
        } else if (reading.kind === 'refused') {
          const { line, reason } = reading;
          addRefusals(report, 1, [{ line, reason }]);
          if (report.refused > mostRefused) throw tooManyRefused(report);
        } else if (reading.kind === 'currency') currency = oneCurrency(currency, reading);
        else if (reading.kind === 'attempt') attempts.push(reading);
        else report.passed_over[reading.what] = (report.passed_over[reading.what] ?? 0) + 1;
      }
      incoming.flush();
    }
    report.read = incoming.count + report.refused;
    if (this.#settings.zone === null && this.#clock.wasUsed) report.assumed_zone = 'UTC';
    return { incoming, currency, attempts, report };
  }
}

/** A file with more refused rows is taken for another format, or for damaged. */
const mostRefused = 100_000;

function tooManyRefused({ refusals }: StatementReport): UnreadableStatement {
  const { line, reason } = refusals[0]!;
  return new UnreadableStatement(
    `More than 100,000 of its rows can’t be kept, the first on line ${line}: ${reason}`,
  );
}

function chooseFormat(wanted: ImportSettings['format'], head: string): KnownFormat {
  const format = wanted === 'auto' ? findFormat(head) : formats.find(({ name }) => name === wanted);
  if (format) return format;
  throw new UnreadableStatement(
    `This is no statement PropTally knows. It reads ${formats.map(({ title }) => title).join(', ')}; name its format (--format on the command line) if this is one of them.`,
  );
}

function oneCurrency(known: string | null, { currency, line }: { currency: string; line: number }) {
  if (known === null || known === currency) return currency;
  throw new UnreadableStatement(
    `The file is in ${known} and, from here on, in ${currency}. Import what is in each into an account of its own.`,
    line,
  );
}
