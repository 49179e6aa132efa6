import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** What a receiver was sent. */
export interface Received {
  /** By this server's clock, ms. */
  at: number;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Receiver {
  /** `http://127.0.0.1:…/hook` */
  url: string;
  received: Received[];
  /** The most requests that were open at once. */
  mostAtOnce(): number;
  /** What it answers from now on; by default 200. It may also never answer. */
  answer: (response: ServerResponse, received: Received) => void;
  close(): void;
}

/** A partner's server, which keeps what it is sent; it is closed at the end of the test. */
export async function startReceiver(test: TestContext): Promise<Receiver> {
  const receiver = await openReceiver();
  test.after(receiver.close);
  return receiver;
}

export async function openReceiver(): Promise<Receiver> {
  let [open, most] = [0, 0];
  const server = createServer(async (request, response) => {
    most = Math.max(most, ++open);
    response.on('close', () => open--);
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces).toString();
    const received = { at: Date.now(), url: request.url!, headers: request.headers, body };
    receiver.received.push(received);
    receiver.answer(response, received);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received: [],
    mostAtOnce: () => most,
    answer: (response) => response.end('thanks'),
    close,
  };
  return receiver;
}

/** Answers with a status. */
export function answering(status: number, headers: Record<string, string> = {}, body = '') {
  return (response: ServerResponse) => void response.writeHead(status, headers).end(body);
}
