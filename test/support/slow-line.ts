import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** The size of a piece in bytes, and the pause after it in ms. */
const piece = 1_400;
const pause = 80;

/** Starts a proxy for a server, which sends every body on in small pieces, encoded as it was; returns its origin. */
export async function startSlowLine(test: TestContext, server: string): Promise<string> {
  const proxy = createServer(({ method, headers, url }, response) => {
    ask(server + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      // A stream ends when its server does.
      dribble(answer, response).catch(() => response.destroy());
    })
      .on('error', () => response.destroy())
      .end();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

async function dribble(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  for await (const chunk of answer as AsyncIterable<Buffer>)
    for (let at = 0; at < chunk.length; at += piece) {
      response.write(chunk.subarray(at, at + piece));
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  response.end();
}
