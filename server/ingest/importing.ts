import type { Random } from '../store/ids.ts';
import type { Alone } from '../store/long-work.ts';
import type { WriterConnection } from '../store/writer-connection.ts';
import { partSizes } from './incoming.ts';
import { type Authorize, type ImportProgress, Keeping } from './keeping.ts';
import type { ImportOptions } from './report.ts';
import { StatementReader } from './statement.ts';

/**
 * What a step of an import does: the `next` part of the work; recording it before it has kept anything;
 * saying that its process is alive; or leaving it to others, as its process ends.
 */
export type ImportStep = 'next' | 'announce' | 'beat' | 'leave';

/** An import in steps, on this thread or on another. */
export interface Importing {
  /** Reads the next piece of the file. Throws UnreadableStatement when it is no statement. */
  read(bytes: Uint8Array): Promise<void>;
  /** To be called after the last piece. Throws as `read` does. It may take seconds. */
  end(): Promise<ImportProgress>;
  /** To be called until there is a report; in the turn to write, if the step writes (keeping.ts). */
  step(step: ImportStep, now: number): Promise<ImportProgress>;
  /** Performs `work` while the thread of the import does nothing for others. Steps need that. */
  readonly alone: Alone;
  close(): Promise<void>;
}

/** An import on this thread, with a connection of its own. */
export class OwnImporting implements Importing {
  readonly #connection: WriterConnection;
  readonly #options: ImportOptions;
  readonly #random: Random;
  readonly #authorize: Authorize;
  readonly #reader: StatementReader;
  #keeping: Keeping | null = null;

  /** Throws RangeError for an unknown zone. */
  constructor(
    connection: WriterConnection,
    options: ImportOptions,
    now: number,
    random: Random,
    authorize: Authorize = async () => {},
    sizes = partSizes,
  ) {
    this.#connection = connection;
    // Most pages are written once: of a cache of 16 MiB nothing is gained.
    connection.handle.pragma('cache_size = -2000');
    this.#options = options;
    this.#random = random;
    this.#authorize = authorize;
    this.#reader = new StatementReader(connection.handle, options, now, sizes);
  }

  read(bytes: Uint8Array): Promise<void> {
    return this.#reader.read(bytes);
  }

  async end(): Promise<ImportProgress> {
    const statement = await this.#reader.end();
    this.#keeping = new Keeping(
      ...[this.#connection, statement, this.#options, this.#random, this.#authorize],
    );
    return this.#keeping.progress;
  }

  async step(step: ImportStep, now: number): Promise<ImportProgress> {
    const keeping = this.#keeping!;
    if (step === 'next') await keeping.step(now);
    else if (step === 'announce') await keeping.announce(now);
    else await keeping.beat(step === 'leave');
    return keeping.progress;
  }

  readonly alone: Alone = (work) => work();

  async close(): Promise<void> {
    this.#reader.stop();
    this.#connection.close();
  }
}
