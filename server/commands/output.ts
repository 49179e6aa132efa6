import SQLite from 'better-sqlite3';

export const exitCodes = { done: 0, failed: 1, notUnderstood: 2, refused: 3 };

/** A command that can't be carried out; its message says what to do next. */
export class Failure extends Error {}

/** A setting with an invalid value. */
export class NotUnderstood extends Failure {}

export function unknownPartner(id: string): Failure {
  return new Failure(`There is no partner ${id}. proptally partner list shows them.`);
}

/**
 * Escapes control characters, and those that change the direction of text. Names and statements are
 * written by others, and a terminal would obey such characters.
 */
export function visible(text: string): string {
  return text.replace(unseen, (character) => written(character, character > '\xff' ? 'u' : 'x'));
}

const unseen = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

function written(character: string, kind: 'u' | 'x'): string {
  const digits = character
    .charCodeAt(0)
    .toString(16)
    .padStart(kind === 'u' ? 4 : 2, '0');
  return `\\${kind}${digits}`;
}

/** JSON with these characters escaped, which is the same value to a program. */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(unseen, (character) =>
    character === '\n' ? character : written(character, 'u'),
  );
}

/** Prints what was made or found: as JSON alone, or as lines for a person. */
export function print(
  asJson: boolean | undefined,
  value: object,
  lines: string | readonly string[],
): void {
  const text = asJson ? safeJson(value, 2) : [lines].flat().map(visible).join('\n');
  process.stdout.write(`${text}\n`);
}

/**
 * Keeps a reader that is gone, or a disk that is full, from ending the process. What could not be
 * written is lost. Unless the reader closed the pipe itself, the command has failed.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code !== 'EPIPE') process.exitCode = exitCodes.failed;
    });
  }
}

/** A table as lines of text, the headings first. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const cells = [heads, ...rows].map((row) => row.map(visible));
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

/** Fields as lines, each with its name and its value. */
export function describe(fields: object): string[] {
  const entries = Object.entries(fields);
  const width = Math.max(...entries.map(([name]) => name.length)) + 2;
  return entries.map(([name, value]) => `${name.padEnd(width)}${readable(name, value)}`);
}

/** The value of a field for a person. Times, by their names, are in epoch ms. */
export function readable(name: string, value: unknown): string {
  if (value === null) return '–';
  return /_(at|time)$/.test(name) ? new Date(value as number).toISOString() : String(value);
}

const missingFolder =
  "The database can't be opened. Check that the folder of --db is there and may be written to.";

/** An error as a sentence for the operator: what is wrong, and what to do next. */
export function explain(error: unknown): string {
  if (error instanceof SQLite.SqliteError) return explainDatabase(error);
  if (!(error instanceof Error)) return String(error);
  // Thrown by better-sqlite3 before it calls SQLite.
  if (error.message.includes('directory does not exist')) return missingFolder;
  const { code, path, port, address, hostname } = error as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
    hostname?: string;
  };
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use. Choose another with --port (PROPTALLY_PORT), or stop what is listening there.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `This machine has no address ${address ?? hostname ?? ''}. Choose another with --host (PROPTALLY_HOST).`;
    case 'EACCES':
      return port
        ? `Port ${port} needs special rights. Choose one above 1023 with --port.`
        : `${path} can't be opened: permission denied.`;
    case 'ENOENT':
      return `There is no file ${path}.`;
    case 'EISDIR':
      return `${path ?? 'That'} is a folder; a file is needed.`;
    default:
      return error.message;
  }
}

function explainDatabase({ code, message }: { code: string; message: string }): string {
  const kind = /^SQLITE_[A-Z]+/.exec(code)?.[0];
  switch (kind) {
    case 'SQLITE_CANTOPEN':
      return missingFolder;
    case 'SQLITE_READONLY':
      return "The database can't be written. Check the permissions of the file of --db and of its folder.";
    case 'SQLITE_NOTADB':
    case 'SQLITE_CORRUPT':
      return 'The file of --db is no PropTally database, or a damaged one. Name another, or restore a backup.';
    case 'SQLITE_BUSY':
      return 'Another process is writing to the database and did not finish in time. Try again.';
    case 'SQLITE_IOERR':
      return `The disk of the database failed (${code}). Check that it is there, has room and may be written to.`;
    case 'SQLITE_FULL':
      return 'The disk is full. Make room and try again; nothing was lost.';
    default:
      return `The database failed: ${message} (${code}).`;
  }
}
