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

/** The database's file is gone or another one: what is written to it would be lost. */
export class DatabaseLost extends Error {}

/** What happened to a file that is open. */
export interface Loss {
  kind: 'gone' | 'replaced' | 'overwritten' | 'cut' | 'log gone';
  sentence: string;
}

/** SQLite's own log and index, beside the file. */
const companions = ['-wal', '-shm'] as const;

/**
 * A database's file as it is seen from outside, beside SQLite's connections, which go on with what
 * they have opened whatever becomes of it. To be opened before them, and closed after.
 */
export class DatabaseFile {
  readonly #path: string;
  readonly #identity: string | null;
  readonly #header: Header;
  #companions: (string | null)[] = [];
  /** Of the file as it was opened, and as SQLite sees it: what is in its log is not in the file yet. */
  #stamps: number[] = [];
  /** The highest count seen in the file: an older copy of it has a lower one. */
  #count = 0;
  #size = 0;

  constructor(path: string) {
    this.#path = path;
    this.#header = Header.of(path);
    this.#identity = this.#header.identity;
  }

  /** To be called once SQLite has opened it: `stamp` is what it holds for the file's. */
  settle(stamp: number): void {
    this.#companions = companions.map((end) => identityOf(statOf(this.#path + end)));
    this.#size = statOf(this.#path)?.size ?? 0;
    const header = this.#header.read();
    this.#stamps = [stamp, header?.stamp ?? stamp];
    this.#count = header?.count ?? 0;
  }

  /** What has become of it since; null: nothing. Takes some microseconds. */
  look(): Loss | null {
    const path = this.#path;
    const now = statOf(path);
    if (!now) return { kind: 'gone', sentence: `${path} is gone` };
    if (identityOf(now) !== this.#identity)
      return { kind: 'replaced', sentence: `${path} is another file now` };
    const header = this.#header.read();
    // While another process writes its log to the file, this may be shorter than it says for a moment.
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

  /** Empties SQLite's log, if it still is this file's, of which nothing is left that it belongs to. */
  emptyLog(): void {
    if (this.#owns('-wal')) truncateSync(`${this.#path}-wal`);
  }

  /** Removes this file's log and index from beside another one that has taken its place. */
  clearAway(): void {
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

/** How what stands at a path looks; the same twice when nobody is writing it. Null: nothing whole. */
export function standing(path: string): string | null {
  const now = statOf(path);
  if (!now?.isFile()) return null;
  return `${identityOf(now)} ${now.size} ${now.ctimeMs}`;
}

/** The first bytes of a database's file, as they are in the file itself. */
class Header {
  /**
   * Those that are open, by the file: when a process closes any handle of a file it loses all its
   * locks on it, SQLite's too, so each file has one, closed after the last connection.
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

  /** Null when it is no database's. */
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
    // The disk is gone.
    return false;
  }
}

function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    // Out of reach is as good as gone.
    return null;
  }
}

function identityOf(stats: Stats | null): string | null {
  return stats && `${stats.dev}:${stats.ino}`;
}

/** Makes an empty file where none is, its owner's alone; SQLite gives its log the same mode. */
export function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch {
    // It is there, or SQLite will say why it can't be.
  }
}

/** Removes a file, if one is there and may be removed. */
export function removeFile(path: string): void {
  try {
    rmSync(path);
  } catch {
    // It is none, or out of reach.
  }
}

/** Takes from others what they may do with a file that is this user's own. */
export function keepToOwner(path: string): void {
  const stats = statOf(path);
  if (!stats?.isFile() || (stats.mode & 0o077) === 0 || stats.uid !== process.getuid?.()) return;
  try {
    chmodSync(path, stats.mode & 0o700);
  } catch {
    // On a disk that is read-only.
  }
}

export function keepDatabaseToOwner(path: string): void {
  for (const end of ['', ...companions]) keepToOwner(path + end);
}
