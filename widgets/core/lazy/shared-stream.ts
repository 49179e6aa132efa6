import type { StreamMessage, StreamOpened } from '../../../shared/answers/stream.ts';
import type { Following } from '../answer-host.ts';
import { readEvents, StreamRefusal } from './event-stream.ts';

/** What the documents that share a stream tell each other. */
type Told =
  | { kind: 'hello' }
  | { kind: 'state'; following: Following; id: string }
  | { kind: 'change'; change: Change; id: string };

/** Something has changed. */
export interface Change extends Pick<StreamMessage, 'account' | 'observed'> {
  /** After how many ms to ask, so that all widgets do at once, but not all visitors. */
  wait: number;
}

interface Listener {
  /** The stream is open, or not any more. */
  follows(following: Following): void;
  changed(change: Change): void;
  /** The credential is refused. */
  refused(): void;
}

const off: Following = { state: 'off' };
/** How long it counts as reconnecting, ms. */
const reconnecting = 30_000;
/** Pauses between tries, ms. */
const pause = { first: 2_000, longest: 60_000 };

/** At most one stream is open for all frames, and one for the pages of an origin. */
const onlyOne = 'proptally:stream';

/**
 * A stream that all documents of an origin and site have together that use the same credential: the
 * one which holds a lock reads it, and passes on what it hears. So it takes one of the six connections
 * that a browser opens to a server, however many frames a page has.
 */
export class SharedStream {
  readonly #address: URL;
  readonly #listener: Listener;
  readonly #over = new AbortController();
  #channel: BroadcastChannel | undefined;
  /** Of the last message that any of the documents has heard. */
  #lastId = '';
  #following = off;
  #isReading = false;

  /** `parameter` and `credential`: as the address has them. */
  constructor(base: string, parameter: string, credential: string, listener: Listener) {
    this.#address = new URL('/api/partner/stream', base);
    this.#address.searchParams.set(parameter, credential);
    this.#listener = listener;
    // Locks and digests are missing on insecure pages, and refused in sandboxed frames.
    this.#share().catch(() => this.#become(off));
  }

  close(): void {
    this.#over.abort();
    this.#channel?.close();
  }

  async #share(): Promise<void> {
    const { signal } = this.#over;
    // The name is for all scripts of the origin to see, the credential is not.
    const name = `proptally:${await digestOf(this.#address.href)}`;
    if (signal.aborted) return;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }) => this.#hear(data);
    this.#tell({ kind: 'hello' });
    while (!signal.aborted) {
      await navigator.locks.request(name, { signal }, () =>
        navigator.locks.request(onlyOne, { signal }, () => this.#read()),
      );
      // Refused: meanwhile others may have a stream.
      await sleep(pause.longest, signal);
    }
  }

  #hear(told: Told): void {
    if (told.kind === 'hello') {
      if (this.#isReading) this.#tellState();
      return;
    }
    this.#lastId = told.id;
    if (told.kind === 'change') this.#listener.changed(told.change);
    else {
      this.#following = told.following;
      this.#listener.follows(told.following);
    }
  }

  #tell(told: Told): void {
    this.#channel?.postMessage(told);
  }

  #tellState(): void {
    this.#tell({ kind: 'state', following: this.#following, id: this.#lastId });
  }

  #become(following: Following): void {
    this.#following = following;
    this.#listener.follows(following);
    if (this.#isReading) this.#tellState();
  }

  /** Reads the stream until this document is done with it, or its credential is refused. */
  async #read(): Promise<void> {
    this.#isReading = true;
    // The document that has read it so far is gone.
    if (this.#following.stream) this.#become({ state: 'reconnecting' });
    try {
      await this.#readOn();
    } finally {
      this.#isReading = false;
    }
  }

  async #readOn(): Promise<void> {
    const { signal } = this.#over;
    let failures = 0;
    let lostAt = 0;
    while (!signal.aborted) {
      let wait = 0;
      try {
        if (this.#lastId) this.#address.searchParams.set('last_event_id', this.#lastId);
        wait = await readEvents(this.#address.href, signal, ({ id, event, data }) => {
          failures = lostAt = 0;
          if (id) this.#lastId = id;
          if (event === 'stream')
            this.#become({ state: 'live', stream: (data as StreamOpened).stream });
          else this.#pass(data as StreamMessage);
        });
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof StreamRefusal) {
          wait = error.retryAfter || pause.longest;
          lostAt = -reconnecting;
          if (error.status === 401 || error.status === 403) {
            this.#become(off);
            if (error.code === 'invalid_token') this.#listener.refused();
            return;
          }
        }
      }
      lostAt ||= performance.now();
      const isNew = performance.now() - lostAt < reconnecting;
      this.#become(isNew ? { state: 'reconnecting' } : off);
      const least = wait || Math.min(pause.longest, pause.first * 2 ** failures++);
      await sleep(least * (1 + Math.random() / 2), signal);
    }
  }

  #pass({ account, observed, within }: StreamMessage): void {
    const change = { account, observed, wait: Math.random() * within };
    this.#listener.changed(change);
    this.#tell({ kind: 'change', change, id: this.#lastId });
  }
}

/** Ends early when it is aborted, or when the browser is connected again. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const end = () => {
      clearTimeout(timer);
      over.abort();
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { signal: over.signal });
    addEventListener('online', end, { signal: over.signal });
  });
}

/** SHA-256 in hex digits. */
export async function digestOf(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
