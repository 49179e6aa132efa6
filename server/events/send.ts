import { Resolver } from 'node:dns/promises';
import { type BlockList, isIP, type LookupFunction } from 'node:net';
import { LRUCache } from 'lru-cache';
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
  /** Whether it is not sent if it takes long to connect, as it may not be to be sent any more then. */
  isPrompt: boolean;
}

/** How many interim answers (such as 103) a server may send before its answer. */
const mostInterim = 8;
/** How long a connection is kept that is not used, ms: shorter than servers keep it. */
const keptIdle = 1_000;
/** How long a name server may take, ms, and how often it is asked. */
const naming = { timeout: 3_000, tries: 2 };
/** What is to be prompt is not sent if the connection took longer than this, ms. */
const longestConnect = 500;
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
  /** Whose connections are each for one request. */
  readonly #closingAgent: Agent;
  /** When servers last answered, by performance.now(). */
  readonly #used = new LRUCache<string, number>({ max: 1_000 });

  constructor({ allowed, nameServers }: SendRules) {
    this.#allowed = allowed;
    if (nameServers) this.#resolver.setServers(nameServers);
    const options: Agent.Options = {
      connect: this.#connector(),
      allowH2: false,
      keepAliveTimeout: keptIdle,
      keepAliveMaxTimeout: keptIdle,
      // The time is bounded as a whole.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    this.#agent = new Agent(options);
    this.#closingAgent = new Agent({ ...options, pipelining: 0 });
  }

  /** Null: it had to be prompt, and nothing was sent. Never rejects. */
  async send(sending: Sending): Promise<Outcome | null> {
    const { origin } = new URL(sending.url);
    const begun = performance.now();
    const wasUsed = begun - (this.#used.get(origin) ?? -Infinity) < 2 * keptIdle;
    const first = await this.#exchange(this.#agent, sending);
    // A server may close a connection that it has answered on just when it is used again.
    const isOld = first?.isReset && wasUsed;
    const outcome = isOld ? await this.#exchange(this.#closingAgent, sending) : first;
    if (outcome === null) return null;
    const { isReset, ...rest } = outcome;
    if (rest.status !== null) this.#used.set(origin, performance.now());
    return { ...rest, duration: Math.round(performance.now() - begun) };
  }

  #exchange(agent: Agent, sending: Sending): Promise<Exchanged | null> {
    const { origin, pathname, search } = new URL(sending.url);
    return new Promise((resolve) => {
      agent.dispatch(
        {
          ...{ origin, path: pathname + search, method: 'POST', body: sending.body },
          headers: signedHeaders(sending, sending.at),
        },
        new Exchange(sending.isPrompt, resolve),
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

/** `isReset`: the connection broke before anything was answered. */
interface Exchanged extends Outcome {
  isReset: boolean;
}

/**
 * A request and its answer, as undici tells of them. It is over after ten seconds, whatever has come by
 * then; an answer that is longer than is read is cut off, with the connection.
 */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #isPrompt: boolean;
  readonly #resolve: (outcome: Exchanged | null) => void;
  readonly #begun = performance.now();
  readonly #timer = setTimeout(() => this.#give('timeout'), answerTimeout);
  #controller: Dispatcher.DispatchController | null = null;
  #isOver = false;
  #interim = 0;
  #status: number | null = null;
  #retryAfter: string | null = null;
  readonly #kept: Buffer[] = [];
  #read = 0;

  constructor(isPrompt: boolean, resolve: (outcome: Exchanged | null) => void) {
    this.#isPrompt = isPrompt;
    this.#resolve = resolve;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const isLate = this.#isPrompt && performance.now() - this.#begun > longestConnect;
    if (isLate) this.#over(null);
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
    const { code = '' } = error as NodeJS.ErrnoException;
    const isReset = this.#status === null && /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(code);
    this.#end(problemOf(error), isReset);
  }

  /** Ends it from this side. */
  #give(problem: AttemptProblem | null): void {
    this.#end(problem);
    this.#controller?.abort(new Error());
  }

  #end(problem: AttemptProblem | null, isReset = false): void {
    const duration = Math.round(performance.now() - this.#begun);
    const failed = { status: null, answer: '', retryAfter: null };
    const answered = () => ({
      ...{ status: this.#status, answer: this.#answer(), retryAfter: this.#retryAfter },
    });
    this.#over({ ...(problem === null ? answered() : failed), problem, duration, isReset });
  }

  #over(outcome: Exchanged | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#resolve(outcome);
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
