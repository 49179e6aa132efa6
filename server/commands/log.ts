import type { Log } from '../errors.ts';
import { safeJson, visible } from './output.ts';

/** The most bytes that may wait for a slow reader. What is written beyond that is lost. */
const mostWaiting = 1_048_576;

/** Writes to a stream that may have no reader, without waiting for one. */
class Writer {
  readonly #stream: NodeJS.WriteStream;
  #lost = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  write(text: string): void {
    if (this.#stream.writableLength > mostWaiting) {
      this.#lost++;
      return;
    }
    if (this.#lost > 0) {
      const problem = `Nobody read the log for a while: ${this.#lost} entries are lost.`;
      this.#lost = 0;
      this.write(logLine({ level: 'warn', problem }));
    }
    this.#stream.write(text);
  }
}

const log = new Writer(process.stderr);
const shown = new Writer(process.stdout);

function logLine(entry: Parameters<Log>[0]): string {
  return `${safeJson({ time: new Date().toISOString(), ...entry })}\n`;
}

/** Writes a line of JSON to standard error. */
export const writeLog: Log = (entry) => log.write(logLine(entry));

/**
 * Makes a function that prints a mail. With --json it prints to standard error, as standard output
 * is for the JSON alone.
 */
export function showOf({ json }: { json?: boolean }): (text: string) => void {
  const writer = json ? log : shown;
  return (text) => writer.write(`\n${text.split('\n').map(visible).join('\n')}`);
}

/**
 * Logs Node's own warnings in the same form. Their messages are left out: they may contain a URL
 * with a key.
 */
export function logWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, code }: NodeJS.ErrnoException) => {
    writeLog({ level: 'warn', problem: 'Node warns', warning: name, code });
  });
}
