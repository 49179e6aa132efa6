import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** A request that arrived at a scripted server. */
export interface Arrived {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What a scripted server does with a request. */
export type Reaction = (response: ServerResponse, request: Arrived) => unknown;

/** Answers in JSON. */
export function answer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reaction {
  return (response) => {
    response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** An error as the API tells it. */
export function refusal(status: number, code: string, headers?: Readonly<Record<string, string>>) {
  return answer(status, { error: 'A sentence.', code }, headers);
}

/** Ends the connection without an answer. */
export const hangUp: Reaction = (response) => response.destroy();

/** Starts a real HTTP server that does one thing after another, and the last one ever after. */
export async function startScripted(
  test: TestContext,
  ...reactions: readonly Reaction[]
): Promise<{ address: string; arrived: Arrived[] }> {
  const arrived: Arrived[] = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const { method = '', url = '', headers } = request;
    const one = { method, url, headers, body: Buffer.concat(pieces) };
    const react = reactions[Math.min(arrived.length, reactions.length - 1)]!;
    arrived.push(one);
    await react(response, one);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrived };
}
