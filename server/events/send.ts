import { Resolver } from 'node:dns/promises';
import { type BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, errors } from 'undici';
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
  async send(sending: Sending): Promise<Outcome> {
    const begun = performance.now();
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort('timeout'), answerTimeout);
    try {
      const answer = await this.#exchange(sending, stop);
      return { ...answer, problem: null, duration: since(begun) };
    } catch (error) {
      const problem = stop.signal.aborted
        ? (stop.signal.reason as AttemptProblem)
        : problemOf(error);
      return { status: null, problem, duration: since(begun), answer: '', retryAfter: null };
    } finally {
      clearTimeout(timer);
    }
  }

  async #exchange(sending: Sending, stop: AbortController) {
    const { origin, pathname, search } = new URL(sending.url);
    let interim = 0;
    const { statusCode, headers, body } = await this.#agent.request({
      ...{ origin, path: pathname + search, method: 'POST', body: sending.body },
      headers: signedHeaders(sending, sending.at),
      signal: stop.signal,
      onInfo: () => {
        if (++interim > mostInterim) stop.abort('invalid_answer');
      },
    });
    const answer = await beginningOf(body);
    const retryAfter = [headers['retry-after'] ?? []].flat()[0];
    return {
      status: statusCode,
      answer,
      retryAfter: retryAfter?.slice(0, longestHeader) ?? null,
    };
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

function since(begun: number): number {
  return Math.round(performance.now() - begun);
}

/** The beginning of an answer as text. What is longer than is read is cut off, with the connection. */
async function beginningOf(body: AsyncIterable<Buffer>): Promise<string> {
  const kept: Buffer[] = [];
  let read = 0;
  for await (const piece of body) {
    kept.push(piece.subarray(0, Math.max(0, keptOfAnswer - read)));
    read += piece.length;
    if (read > readOfAnswer) break;
  }
  // A character that is cut in two is left out.
  return new TextDecoder().decode(Buffer.concat(kept), { stream: true });
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
