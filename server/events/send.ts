import { Resolver } from 'node:dns/promises';
import { type BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, type Dispatcher, errors } from 'undici';
import {
  type AttemptProblem,
  answerTimeout,
  keptOfAnswer,
  readOfAnswer,
} from '../../shared/webhooks.ts';
import type { Outcome } from './attempts.ts';
import { type SignedMessage, signedHeaders } from './signing.ts';
import { addressIn, isLocalhost, mayConnect } from './target.ts';

export interface SendRules {
  /** Addresses that are connected to though they are not public, by http as well. */
  allowed: BlockList;
  /** The name servers that are asked, such as `127.0.0.1:5353`; absent: the machine's. */
  nameServers?: readonly string[];
}

/** One try to send a message. */
export interface Sending extends SignedMessage {
  url: string;
  /** When it begins, epoch ms. */
  at: number;
}

/** How many interim answers (such as 103) a server may send before its answer. */
const mostInterim = 8;
/** How long a connection is kept that is not used, ms: shorter than servers keep it. */
const keptIdle = 1_000;
/** How long a name server may take, ms, and how often it is asked. */
const naming = { timeout: 3_000, tries: 2 };
const longestHeader = 64;

/** No connection is made, as the address is not allowed or there is none. */
class NoPublicAddress extends Error {}

/**
 * Sends messages to addresses that others have chosen: never to one that is not public, however it
 * is spelled or what its name stands for at the moment. Redirects are not followed.
 */
export class Sender {
  readonly #allowed: BlockList;
  readonly #resolver = new Resolver(naming);
  readonly #agent: Agent;

  constructor({ allowed, nameServers }: SendRules) {
    this.#allowed = allowed;
    if (nameServers) this.#resolver.setServers(nameServers);
    this.#agent = new Agent({
      connect: this.#connector(),
      allowH2: false,
      keepAliveTimeout: keptIdle,
      keepAliveMaxTimeout: keptIdle,
      // The time is bounded as a whole.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Never rejects. */
  send(sending: Sending): Promise<Outcome> {
    const { origin, pathname, search } = new URL(sending.url);
    return new Promise((resolve) => {
      this.#agent.dispatch(
        {
          ...{ origin, path: pathname + search, method: 'POST', body: sending.body },
          headers: signedHeaders(sending, sending.at),
        },
        new Exchange(resolve),
      );
    });
  }

  #connector(): buildConnector.connector {
    const allowed = this.#allowed;
    const connect = buildConnector({
      ...{ allowH2: false, timeout: answerTimeout, rejectUnauthorized: true },
      lookup: this.#lookup,
    });
    return (options, done) => {
      const { protocol, hostname } = options;
      const literal = addressIn(hostname);
      if (literal !== null && !mayConnect(literal, protocol, allowed)) {
        done(new NoPublicAddress(), null);
        return;
      }
      connect(options, (...[error, socket]) => {
        if (error) return done(error, null);
        // Whatever a lookup has said, this is where it leads.
        const address = socket.remoteAddress ?? '';
        if (mayConnect(address, protocol, allowed)) return done(null, socket);
        socket.destroy();
        done(new NoPublicAddress(), null);
      });
    };
  }

  /**
   * Asks name servers without the process's few threads for blocking calls, which dead name servers
   * would keep busy. If one of the addresses is not permitted, none is used.
   */
  readonly #lookup: LookupFunction = (hostname, options, done) => {
    this.#resolve(hostname).then(
      (addresses) => {
        // By which protocol is checked once it is connected.
        const isPermitted = (address: string) => mayConnect(address, 'https:', this.#allowed);
        if (addresses.length === 0 || !addresses.every(isPermitted))
          done(new NoPublicAddress(), '');
        else if (options.all)
          done(
            null,
            addresses.map((address) => ({ address, family: isIP(address) })),
          );
        else done(null, addresses[0]!, isIP(addresses[0]!));
      },
      () => done(new NoPublicAddress(), ''),
    );
  };

  async #resolve(hostname: string): Promise<string[]> {
    if (isLocalhost(hostname)) return ['127.0.0.1'];
    const found = await Promise.allSettled([
      this.#resolver.resolve4(hostname),
      this.#resolver.resolve6(hostname),
    ]);
    return found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  }
}

/**
 * A request and its answer, as undici tells of them. It is over after ten seconds, whatever has come by
 * then; an answer that is longer than is read is cut off, with the connection.
 */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #resolve: (outcome: Outcome) => void;
  readonly #begun = performance.now();
  readonly #timer = setTimeout(() => this.#give('timeout'), answerTimeout);
  #controller: Dispatcher.DispatchController | null = null;
  #isOver = false;
  #interim = 0;
  #status: number | null = null;
  #retryAfter: string | null = null;
  readonly #kept: Buffer[] = [];
  #read = 0;

  constructor(resolve: (outcome: Outcome) => void) {
    this.#resolve = resolve;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // It was given up before there was a connection: then nothing is sent.
    if (this.#isOver) controller.abort(new Error());
    this.#controller = controller;
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) {
      if (++this.#interim > mostInterim) this.#give('invalid_answer');
      return;
    }
    this.#status = status;
    const [retryAfter] = [headers['retry-after'] ?? []].flat();
    this.#retryAfter = retryAfter?.slice(0, longestHeader) ?? null;
  }

  onResponseData(_: Dispatcher.DispatchController, piece: Buffer): void {
    const left = keptOfAnswer - this.#read;
    if (left > 0) this.#kept.push(piece.subarray(0, left));
    this.#read += piece.length;
    if (this.#read > readOfAnswer) this.#give(null);
  }

  onResponseEnd(): void {
    this.#end(null);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#end(problemOf(error));
  }

  /** Ends it from this side. */
  #give(problem: AttemptProblem | null): void {
    this.#end(problem);
    this.#controller?.abort(new Error());
  }

  #end(problem: AttemptProblem | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    const duration = Math.round(performance.now() - this.#begun);
    this.#resolve(
      problem === null
        ? {
            status: this.#status,
            problem,
            duration,
            answer: this.#answer(),
            retryAfter: this.#retryAfter,
          }
        : { status: null, problem, duration, answer: '', retryAfter: null },
    );
  }

  /** As text; a character that is cut in two is left out. */
  #answer(): string {
    if (this.#kept.length === 0) return '';
    return new TextDecoder().decode(Buffer.concat(this.#kept), { stream: true });
  }
}

const tlsErrors =
  /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO|HOSTNAME_|INVALID_)/;

/** What went wrong, as one of few words: an error's own may tell of the inside of a network. */
function problemOf(error: unknown): AttemptProblem {
  if (error instanceof NoPublicAddress) return 'no_public_address';
  if (error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError)
    return 'invalid_answer';
  const code = String((error as NodeJS.ErrnoException)?.code ?? '');
  if (/TIMEOUT|TIMEDOUT/.test(code)) return 'timeout';
  if (code === 'ECONNREFUSED') return 'connection_refused';
  return tlsErrors.test(code) ? 'tls_failed' : 'connection_failed';
}
