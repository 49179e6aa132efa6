import { once } from 'node:events';
import { createServer, type IncomingMessage, ServerResponse, STATUS_CODES } from 'node:http';
import { type AddressInfo, Server, type Socket } from 'node:net';
import { json } from './answers.ts';
import type { App } from './app.ts';
import { Refusal } from './refusal.ts';

export interface Listener {
  port: number;
  /** Accepts no new connections, finishes the running requests and closes the app. */
  stop(): Promise<void>;
}

/** In ms. */
export interface Timeouts {
  /**
   * How long a client that was answered before its request was complete may go on sending. What it
   * sends is not read.
   */
  unread: number;
  /** How long a connection is kept whose client reads nothing of the answer. */
  untaken: number;
  /** How long a stopping server waits for clients to read their answers. */
  stopping: number;
}

/**
 * `stopping` is short, as a process supervisor may kill the server ten seconds after asking it to
 * stop.
 */
const defaultTimeouts: Timeouts = { unread: 5_000, untaken: 30_000, stopping: 5_000 };

const tickEvery = 5_000;
/**
 * Mail is sent by a timer instead of when it is asked for. Sending to a known address would
 * otherwise slow down the answers that follow, and so reveal that it is known.
 */
const mailEvery = 1_000;
/** Webhooks and streams get what others have committed as soon as it is seen. */
const lookEvery = 25;
/**
 * How long the headers of a request may take to arrive. Its route limits how long the body may
 * take.
 */
const headersTimeout = 10_000;
/**
 * Longer than proxies keep idle connections, so that they send no request on one that is just being
 * closed.
 */
const keepAliveTimeout = 75_000;

/** Serves an app on a port (0: any free one). Rejects with the system's error when it can't. */
export async function listen(
  app: App,
  port: number,
  host: string,
  timeouts = defaultTimeouts,
): Promise<Listener> {
  const server = createServer({
    // Node's own refusal has no body, so errors.ts refuses instead.
    requireHostHeader: false,
    // Otherwise Node keeps only the first of two Host headers, and errors.ts would not see the
    // second.
    joinDuplicateHeaders: true,
    headersTimeout,
    requestTimeout: 0,
    keepAliveTimeout,
    connectionsCheckingInterval: 1_000,
  });
  // A client may end its side with its request, and is answered nevertheless. Node's types lack this.
  Object.assign(server, { httpAllowHalfOpen: true });
  const answer = app.koa.callback();
  let isStopping = false;
  /** The responses that are still being worked out or sent. */
  const running = new Set<ServerResponse>();
  /** Closes idle connections when stopping: they must not delay the end until they time out. */
  const closeWhenDone = () => {
    if (isStopping && running.size === 0) server.closeAllConnections();
  };
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    running.add(response);
    response.on('close', () => {
      running.delete(response);
      if (response.writableFinished) endUnread(request, timeouts.unread);
      closeWhenDone();
    });
    // The time starts again whenever the client reads a piece. Computing an answer may take longer.
    response.setTimeout(timeouts.untaken, () => {
      if (isUntaken(response)) request.socket.destroy();
    });
    if (isStopping) response.setHeader('Connection', 'close');
    void answer(request, response);
  };
  server.on('request', serve);
  // Without these listeners Node would answer by itself. errors.ts refuses both, like all that is
  // valid HTTP but can't be served.
  server.on('checkExpectation', serve);
  server.on('connect', (request, socket: Socket) => {
    const response = new ServerResponse(request);
    // Node no longer handles errors of this socket, and an unhandled one would end the process.
    socket.on('error', () => socket.destroy());
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => socket.destroySoon());
    serve(request, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const isAnswering = [...running].some((one) => one.req.socket === socket && one.headersSent);
    // No error can be sent in the middle of an answer, nor after one that the client does not read.
    if (isAnswering || !socket.writable || error.code === 'ECONNRESET') socket.destroy();
    else refuseMalformed(app, error, socket);
  });
  const cutOff = (isLeft: (response: ServerResponse) => boolean) => {
    for (const response of [...running].filter(isLeft)) response.req.socket.destroy();
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const timers = [
    setInterval(() => void app.tick(), tickEvery),
    setInterval(() => void app.sendMail(), mailEvery),
    setInterval(() => void app.deliver(), lookEvery),
    setInterval(() => void app.runStreams(), lookEvery),
  ];
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      isStopping = true;
      timers.forEach(clearInterval);
      const closed = once(server, 'close');
      // Not http's own close: it takes a connection for idle as soon as its answer is written, even
      // if the client has not read it.
      Server.prototype.close.call(server);
      closeWhenDone();
      cutOff(isEndless);
      // A request that was running may have begun a stream.
      const begun = setInterval(() => cutOff(isEndless), 50);
      const late = setInterval(() => {
        cutOff(isUntaken);
      }, timeouts.stopping);
      await closed;
      [begun, late].forEach(clearInterval);
      await app.close();
    },
  };
}

function isUntaken({ req }: ServerResponse): boolean {
  return req.socket.writableLength > 0;
}

/** Whether a response is an event stream, which lasts as long as its client listens. */
function isEndless(response: ServerResponse): boolean {
  return String(response.getHeader('Content-Type')).startsWith('text/event-stream');
}

function endUnread(request: IncomingMessage, timeout: number): void {
  if (request.complete) return;
  const timer = setTimeout(() => {
    // A complete request means that the connection may be serving the next one.
    if (!request.complete) request.socket.destroy();
  }, timeout);
  request.once('close', () => clearTimeout(timer));
}

/** Answers malformed HTTP with an error like all others, and closes the connection. */
function refuseMalformed(app: App, error: NodeJS.ErrnoException, socket: Socket): void {
  const refusal = refusalOf(error);
  const { status, headers } = refusal;
  const { type, body } = json(refusal.body);
  const lines = [
    ...Object.entries(app.nextHeaders()),
    ...Object.entries(headers),
    ['Content-Type', type],
    ['Content-Length', Buffer.byteLength(body)],
    ['Connection', 'close'],
  ].map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  // Closes both directions. Otherwise a client that keeps its own open would keep the connection
  // open for ever.
  socket.destroySoon();
}

function refusalOf({ code }: NodeJS.ErrnoException): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new Refusal(431, 'headers_too_large', 'The headers are too large.');
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new Refusal(408, 'request_timeout', 'The request took too long to arrive.');
  }
  return new Refusal(400, 'malformed_request', 'This is not a well-formed HTTP request.');
}
