import { once } from 'node:events';
import { createServer, type IncomingMessage, ServerResponse, STATUS_CODES } from 'node:http';
import { type AddressInfo, Server, type Socket } from 'node:net';
import { json } from './answers.ts';
import type { App } from './app.ts';
import { Refusal } from './refusal.ts';

export interface Listener {
  port: number;
  /** Turns new requests away, finishes the running ones and closes the app. */
  stop(): Promise<void>;
}

/** In ms. */
export interface Patience {
  /** How long whoever was answered before all of their request was there may go on sending, unread. */
  unread: number;
  /** How long a connection is kept whose reader takes nothing of what is answered. */
  untaken: number;
  /** How long the server, once it is to stop, waits until its answers are taken. */
  stopping: number;
}

/** Whoever supervises the server may kill it ten seconds after asking it to stop. */
const usualPatience: Patience = { unread: 5_000, untaken: 30_000, stopping: 5_000 };

const tickEvery = 5_000;
/**
 * Not at once when it is asked for: what is done for a known address alone must not be felt in the
 * answers that follow.
 */
const mailEvery = 1_000;
/** How long the head of a request may take; how long its body, says its route. */
const headersTimeout = 10_000;
/** Longer than proxies keep their connections: none is to send on one that is just being closed. */
const keepAliveTimeout = 75_000;

/** Serves an app on a port (0: any free one). Rejects with the system's error when it can't. */
export async function listen(
  app: App,
  port: number,
  host: string,
  patience = usualPatience,
): Promise<Listener> {
  const server = createServer({
    // Its own refusal has no body; errors.ts refuses instead.
    requireHostHeader: false,
    // Instead of taking the first of two.
    joinDuplicateHeaders: true,
    headersTimeout,
    requestTimeout: 0,
    keepAliveTimeout,
    connectionsCheckingInterval: 1_000,
  });
  const answer = app.koa.callback();
  let isStopping = false;
  /** What is asked or being answered, until all of the answer is handed over. */
  const running = new Set<ServerResponse>();
  /** Connections that only might send a request some day don't hold up the end. */
  const closeWhenDone = () => {
    if (isStopping && running.size === 0) server.closeAllConnections();
  };
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    running.add(response);
    response.once('close', () => {
      running.delete(response);
      closeWhenDone();
    });
    response.once('finish', () => endUnread(request, patience.unread));
    // It starts again with each piece that is taken; what is still being worked out may take longer.
    response.setTimeout(patience.untaken, () => {
      if (isUntaken(response)) request.socket.destroy();
    });
    if (isStopping) response.setHeader('Connection', 'close');
    void answer(request, response);
  };
  server.on('request', serve);
  // errors.ts refuses these two, as it does everything else that is HTTP.
  server.on('checkExpectation', serve);
  server.on('connect', (request, socket: Socket) => {
    const response = new ServerResponse(request);
    // Node has let go of it, and nobody else would hear that it broke.
    socket.on('error', () => socket.destroy());
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => socket.destroySoon());
    serve(request, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const isAnswering = [...running].some((one) => one.req.socket === socket && one.headersSent);
    // In the midst of an answer nothing else can be said, nor behind one that nobody takes.
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
  ];
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      isStopping = true;
      timers.forEach(clearInterval);
      const closed = once(server, 'close');
      // Not its own: to it a connection is idle whose answer is written, be it taken or not.
      Server.prototype.close.call(server);
      closeWhenDone();
      cutOff(isEndless);
      const late = setInterval(() => {
        cutOff((response) => isEndless(response) || isUntaken(response));
      }, patience.stopping);
      await closed;
      clearInterval(late);
      await app.close();
    },
  };
}

function isUntaken({ req }: ServerResponse): boolean {
  return req.socket.writableLength > 0;
}

/** What goes on for as long as anybody listens. */
function isEndless(response: ServerResponse): boolean {
  return String(response.getHeader('Content-Type')).startsWith('text/event-stream');
}

function endUnread(request: IncomingMessage, patience: number): void {
  if (request.complete) return;
  const timer = setTimeout(() => {
    // What comes next on the connection is another request.
    if (!request.complete) request.socket.destroy();
  }, patience);
  request.once('close', () => clearTimeout(timer));
}

/** What is no HTTP gets the same kind of answer as everything else, and ends with its connection. */
function refuseMalformed(app: App, error: NodeJS.ErrnoException, socket: Socket): void {
  const refusal = refusalOf(error);
  const { status, headers } = refusal;
  const { type, body } = json(refusal.body);
  const lines = [
    ...app.nextHeaders(),
    ...Object.entries(headers),
    ['Content-Type', type],
    ['Content-Length', Buffer.byteLength(body)],
    ['Connection', 'close'],
  ].map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  // And not only its half: whoever keeps theirs open would be held for ever.
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
