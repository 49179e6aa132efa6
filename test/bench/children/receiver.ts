import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerParent } from './answer-parent.ts';

/** What a firm's server is sent: how much, and when; each by the clock that processes share. */
let arrivals: number[] = [];
let awaited = 0;
let done = () => {};

const server = createServer((request, response) => {
  request.on('end', () => {
    response.end();
    arrivals.push(performance.timeOrigin + performance.now());
    if (arrivals.length === awaited) done();
  });
  request.resume();
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

answerParent({
  address: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  /** Begins to count; `arrivals` then waits for so many. */
  expect: (count: number) => {
    arrivals = [];
    awaited = count;
  },
  arrivals: async () => {
    if (arrivals.length < awaited)
      await new Promise<void>((resolve) => {
        done = resolve;
      });
    return arrivals;
  },
});
