import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { ErrorAnswer } from '../shared/answers/error.ts';
import type { App } from './app.ts';

export interface Listener {
  port: number;
  /** Turns new requests away, finishes the running ones and closes the app. */
  stop(): Promise<void>;
}

const tickEvery = 5_000;
/**
 * Not at once when it is asked for: what is done for a known address alone must not be felt in the
 * answers that follow.
 */
const mailEvery = 1_000;
/** How long the head of a request, and the whole of it, may take. */
const headersTimeout = 10_000;
const requestTimeout = 30_000;

/** Serves an app on a port (0: any free one). Rejects with the system's error when it can't. */
export async function listen(app: App, port: number, host: string): Promise<Listener> {
  const server = createServer({
    // Its own refusal has no body; errors.ts refuses instead.
    requireHostHeader: false,
    // Instead of taking the first of two.
    joinDuplicateHeaders: true,
    headersTimeout,
    requestTimeout,
    connectionsCheckingInterval: 1_000,
  });
  const answer = app.koa.callback();
  let isStopping = false;
  let running = 0;
  /** Connections that only might send a request some day don't hold up the end. */
  const closeWhenDone = () => {
    if (isStopping && running === 0) server.closeAllConnections();
  };
  server.on('request', (request, response) => {
    running++;
    response.once('close', () => {
      running--;
      closeWhenDone();
    });
    if (isStopping) response.setHeader('Connection', 'close');
    void answer(request, response);
  });
  server.on('clientError', refuseMalformed);
  server.on('checkExpectation', (request, response) => {
    response.statusCode = 417;
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(JSON.stringify(refusals.expectation));
    request.resume();
  });
  server.on('connect', (_request, socket: Socket) => {
    endWith(socket, '405 Method Not Allowed', refusals.connect);
  });
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
      server.close();
      closeWhenDone();
      await closed;
      await app.close();
    },
  };
}

const refusals = {
  expectation: { error: 'This server meets no such expectation.', code: 'expectation_failed' },
  connect: { error: 'This server is no proxy.', code: 'method_not_allowed' },
};

/** What is no HTTP gets the same kind of answer as everything else. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, code, sentence] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'headers_too_large', 'The headers are too large.']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'request_timeout', 'The request took too long to arrive.']
        : ['400 Bad Request', 'malformed_request', 'This is not a well-formed HTTP request.'];
  endWith(socket, status, { error: sentence, code });
}

function endWith(socket: Socket, status: string, answer: ErrorAnswer): void {
  const body = JSON.stringify(answer);
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
