import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Readers, ReaderThreads } from '../../server/threads/readers.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';
import { files } from '../support/threads.ts';

/** Starts a server whose questions take long, and counts those that readers are asked, and that are dropped. */
async function start(t: TestContext) {
  const threads = new ReaderThreads(files);
  t.after(() => threads.close());
  const counts = { asked: 0, dropped: 0 };
  const readers: Readers = {
    readHistory: threads.readHistory.bind(threads),
    ask: (...question) => {
      counts.asked++;
      const answered = threads.ask(...question);
      answered.catch(() => counts.dropped++);
      return answered;
    },
  };
  const server = await startTestServer(t, { readers });
  const partner = await makePartner(server.database);
  server.database.handle.exec(`
    with recursive n (n) as (select 1 union all select n + 1 from n where n < 30000)
    insert into accounts (partner_id, id, nickname, firm, currency, attempt, created_at)
    select partners.id, 'a' || n, '', 'f', 'USD', 1, n from partners join n`);
  const port = Number(new URL(server.address).port);
  const requestOf = (number: number, version = '1.1') => {
    const address = `/api/partner/accounts?firm_id=none&offset=${number}`;
    return `GET ${address} HTTP/${version}\r\nHost: x\r\nX-API-Key: ${partner.key}\r\n\r\n`;
  };
  const send = (requests: string): Socket => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => {});
    socket.write(requests);
    return socket;
  };
  /** Sends the question with this number. */
  const ask = (number: number) => send(requestOf(number));
  const allAsked = async (count: number) => {
    while (counts.asked < count) await sleep(1);
  };
  return { counts, ask, allAsked, requestOf, send };
}

/** The offsets that a client’s answers tell, in order; `100 Continue` may precede an answer. */
async function offsetsIn(socket: Socket): Promise<number[]> {
  const answers = (await text(socket)).matchAll(
    /(?:HTTP\/1\.1 100 Continue\r\n\r\n)*HTTP\/1\.1 200 OK\r\n(?:[\w-]+: .*\r\n)+\r\n\{.*"offset":(\d+),"next":null\}/gy,
  );
  return [...answers].map(([, offset]) => Number(offset));
}

for (const [how, leave] of [
  ['close', (socket: Socket) => socket.destroy()],
  ['reset', (socket: Socket) => socket.resetAndDestroy()],
] as const) {
  test(`questions whose clients ${how} their connections are dropped, unless another client has asked the same`, async (t) => {
    const { counts, ask, allAsked } = await start(t);
    const leaving = Array.from({ length: 100 }, (_, number) => ask(number));
    await allAsked(100);
    const staying = [ask(97), ask(98)];
    await sleep(50);
    for (const socket of leaving) leave(socket);
    await sleep(50);
    staying.push(ask(99), ask(100));
    for (const socket of staying) socket.end();
    assert.deepEqual(await Promise.all(staying.map(offsetsIn)), [[97], [98], [99], [100]]);
    assert.ok(counts.dropped > 50, `${counts.dropped} of 100 were dropped`);
  });
}

test('clients that only end their side of the connection are answered', async (t) => {
  const { counts, send, requestOf } = await start(t);
  const numbers = Array.from({ length: 20 }, (_, number) => number);
  const asking = [
    ...numbers.map((number) => ({ numbers: [number], socket: send(requestOf(number)) })),
    ...numbers.map((number) => ({ numbers: [number], socket: send(requestOf(number, '1.0')) })),
    ...[20, 25, 30].map((first) => {
      const several = numbers.slice(0, 5).map((number) => first + number);
      return { numbers: several, socket: send(several.map((one) => requestOf(one)).join('')) };
    }),
  ];
  for (const { socket } of asking) socket.end();
  for (const { numbers, socket } of asking) assert.deepEqual(await offsetsIn(socket), numbers);
  assert.equal(counts.dropped, 0);
});
