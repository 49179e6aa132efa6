import {
  chmodSync,
  closeSync,
  fstatSync,
  openSync,
  readSync,
  rmSync,
  type Stats,
  statSync,
  truncateSync,
} from 'node:fs';

/** The database's file is gone or was replaced: what is written to it would be lost. */
export class DatabaseLost extends Error {}

/** What happened to a file that is open. */
export interface Loss {
  kind: 'gone' | 'replaced' | 'overwritten' | 'cut' | 'log gone';
  sentence: string;
}

/** The endings of SQLite's write-ahead log and of its index, two files beside the database's. */
const companions = ['-wal', '-shm'] as const;

/**
 * Checks a database's file on the disk. SQLite's connections don't: they go on using the file that
 * they opened even when it is deleted or replaced. To be closed after them.
 */
export class DatabaseFile {
  /** Tells it from every other file there is. */
  readonly identity: string;
  readonly #path: string;
  readonly #header: Header;
  #companions: (string | null)[] = [];
  /** The stamp as SQLite reads it, and as the file has it: a new one may still be in the log. */
  #stamps: number[] = [];
  /** The highest count seen in the file's header: an older copy of the file has a lower one. */
  #count = 0;
  #size = 0;

  constructor(path: string) {
    this.#path = path;
    this.#header = Header.of(path);
    this.identity = this.#header.identity;
  }

  /** To be called once SQLite has opened the file; `stamp` is its stamp as SQLite reads it. */
  settle(stamp: number): void {
    this.#companions = companions.map((end) => identityOf(statOf(this.#path + end)));
    this.#size = statOf(this.#path)?.size ?? 0;
    const header = this.#header.read();
    this.#stamps = [stamp, header?.stamp ?? stamp];
    this.#count = header?.count ?? 0;
  }

  /** How the file was lost since it was opened; null: it was not. Takes some microseconds. */
  look(): Loss | null {
    const path = this.#path;
    const now = statOf(path);
    if (!now) return { kind: 'gone', sentence: `${path} is gone` };
    if (identityOf(now) !== this.identity)
      return { kind: 'replaced', sentence: `${path} is another file now` };
    const header = this.#header.read();
    // During another process's checkpoint the file may be shorter than its header says for a moment.
    if (now.size < this.#size && (!header || header.bytes > now.size))
      return { kind: 'cut', sentence: `${path} was cut short` };
    if (!header) return { kind: 'cut', sentence: `${path} is no database any more` };
    if (!this.#stamps.includes(header.stamp) || header.count < this.#count)
      return { kind: 'overwritten', sentence: `${path} was overwritten` };
    this.#count = header.count;
    this.#size = now.size;
    const lost = companions.find(
      (end, index) => identityOf(statOf(path + end)) !== this.#companions[index],
    );
    if (lost) return { kind: 'log gone', sentence: `${path}${lost} is gone or another file` };
    return null;
  }

  /** Empties SQLite's log, if it still is this file's, as its contents were overwritten. */
  emptyLog(): void {
    if (this.#owns('-wal')) truncateSync(`${this.#path}-wal`);
  }

  /** Removes this file's index, and its log if that is empty, when another file has its place. */
  removeCompanions(): void {
    if (this.#owns('-wal') && statOf(`${this.#path}-wal`)!.size > 0) return;
    for (const end of companions) if (this.#owns(end)) rmSync(this.#path + end);
  }

  #owns(end: (typeof companions)[number]): boolean {
    const identity = identityOf(statOf(this.#path + end));
    return identity !== null && identity === this.#companions[companions.indexOf(end)];
  }

  close(): void {
    this.#header.close();
  }
}

/** A file's identity, size and change time: equal while nothing writes to it. Null: no file. */
export function stateOf(path: string): string | null {
  const now = statOf(path);
  if (!now?.isFile()) return null;
  return `${identityOf(now)} ${now.size} ${now.ctimeMs}`;
}

/** The first bytes of a database's file, from the file itself, without what is in SQLite's log. */
class Header {
  /**
   * The open headers, by the identity of the file. A process that closes any descriptor of a file
   * loses all its locks on that file, SQLite's too: so each file has one descriptor here, which is
   * closed after the last connection.
   */
  static readonly #open = new Map<string, Header>();

  readonly identity: string;
  readonly #handle: number;
  readonly #bytes = Buffer.alloc(100);
  #holders = 0;

  static of(path: string): Header {
    const known = Header.#open.get(identityOf(statOf(path)) ?? '');
    const header = known ?? new Header(openSync(path, 'r'));
    header.#holders++;
    Header.#open.set(header.identity, header);
    return header;
  }

  constructor(handle: number) {
    this.#handle = handle;
    this.identity = identityOf(fstatSync(handle))!;
  }

  /** Null when the file is no SQLite database or can't be read. */
  read(): { stamp: number; count: number; bytes: number } | null {
    const bytes = this.#bytes;
    if (!fill(bytes, this.#handle) || bytes.toString('latin1', 0, 15) !== 'SQLite format 3')
      return null;
    const pageSize = bytes.readUInt16BE(16);
    return {
      stamp: bytes.readUInt32BE(60),
      count: bytes.readUInt32BE(68),
      bytes: (pageSize === 1 ? 65_536 : pageSize) * bytes.readUInt32BE(28),
    };
  }

  close(): void {
    if (--this.#holders > 0) return;
    Header.#open.delete(this.identity);
    closeSync(this.#handle);
  }
}

function fill(bytes: Buffer, handle: number): boolean {
  try {
    return readSync(handle, bytes, 0, bytes.length, 0) === bytes.length;
  } catch {
    // The disk may be gone.
    return false;
  }
}

function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    // A file that can't be reached counts as gone.
    return null;
  }
}

/** The identity of the file at a path; null: there is none. */
export function identityAt(path: string): string | null {
  return identityOf(statOf(path));
}

function identityOf(stats: Stats | null): string | null {
  return stats && `${stats.dev}:${stats.ino}`;
}

/** Creates an empty file for its owner alone, if none exists; SQLite gives its log the same mode. */
export function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch {
    // It exists, or SQLite will report why it can't be created.
  }
}

/** Removes a file, if it exists and may be removed. */
export function removeFile(path: string): void {
  try {
    rmSync(path);
  } catch {
    // It does not exist, or can't be removed.
  }
}

/** Removes the permissions of all other users on a file that belongs to this process's user. */
export function keepToOwner(path: string): void {
  const stats = statOf(path);
  if (!stats?.isFile() || (stats.mode & 0o077) === 0 || stats.uid !== process.getuid?.()) return;
  try {
    chmodSync(path, stats.mode & 0o700);
  } catch {
    // The disk may be read-only.
  }
}

export function keepDatabaseToOwner(path: string): void {
  for (const end of ['', ...companions]) keepToOwner(path + end);
}
