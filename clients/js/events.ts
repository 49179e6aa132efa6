/** A server-sent event. */
export interface ServerEvent {
  /** Its name; of one without a name `message`. */
  type: string;
  data: string;
  /** Its own id, or else that of the event before it. */
  id: string;
}

/** Reads server-sent events from text that arrives in pieces, cut anywhere. */
export class EventParser {
  /** How many ms to wait before connecting again; undefined: the server has not said it. */
  retry: number | undefined;
  /** The beginning of a line whose end has not arrived. */
  #begun = '';
  #endedInCr = false;
  #type = '';
  #data: string[] = [];
  #id = '';

  /** Takes the next piece, and gives the events that it completes. */
  *read(piece: string): Generator<ServerEvent, void, undefined> {
    if (piece === '') return;
    // A CR LF may be cut in two.
    const rest = this.#endedInCr && piece.startsWith('\n') ? piece.slice(1) : piece;
    this.#endedInCr = piece.endsWith('\r');
    const lines = (this.#begun + rest).split(/\r\n|\r|\n/);
    this.#begun = lines.pop()!;
    for (const line of lines) {
      if (line !== '') this.#take(line);
      else {
        if (this.#data.length > 0)
          yield { type: this.#type || 'message', data: this.#data.join('\n'), id: this.#id };
        this.#type = '';
        this.#data = [];
      }
    }
  }

  #take(line: string): void {
    // A comment is a field without a name.
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!;
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#type = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.retry = Number(value);
  }
}
