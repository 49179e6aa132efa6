import type { Log } from '../errors.ts';
import { safeJson, visible } from './output.ts';

/** So much may wait for a reader that is slow or has stopped; what comes then is lost. */
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

/** A line of JSON on standard error. */
export const writeLog: Log = (entry) => log.write(logLine(entry));

/** Shows a mail; with --json, standard output is for that alone. */
export function showOf({ json }: { json?: boolean }): (text: string) => void {
  const writer = json ? log : shown;
  return (text) => writer.write(`\n${text.split('\n').map(visible).join('\n')}`);
}

/** Writes Node's own warnings as such lines, without their words: they may hold an address, with a key. */
export function logWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, code }: NodeJS.ErrnoException) => {
    writeLog({ level: 'warn', problem: 'Node warns', warning: name, code });
  });
}
