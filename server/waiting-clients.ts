import type { ServerResponse } from 'node:http';

/** The clients that wait for one answer. */
export class WaitingClients {
  readonly #responses: ServerResponse[] = [];
  #areProbed = false;

  add(response: ServerResponse): void {
    this.#responses.push(response);
  }

  /**
   * Whether any of them is still there; null: ask again later. A client that closes its connection
   * and one that only ends its side of it look the same until something is written: the former's
   * system then refuses it, and the next write fails. What is written is a `100 Continue`, which
   * clients ignore that did not ask for it.
   */
  areThere(): boolean | null {
    if (this.#responses.some(isOpen)) return true;
    for (const response of this.#responses) response.writeContinue();
    const areThere = this.#responses.some(({ req }) => req.socket.writable);
    if (!areThere || this.#areProbed) return areThere;
    this.#areProbed = true;
    return null;
  }
}

/**
 * Whether a client has not ended its side, or can't be asked: HTTP/1.0 knows no `100 Continue`, and a
 * response has no socket while it waits for those before it on its connection.
 */
function isOpen({ req, socket }: ServerResponse): boolean {
  const canBeAsked = socket !== null && req.httpVersionMinor > 0;
  return req.socket.writable && !(req.socket.readableEnded && canBeAsked);
}
